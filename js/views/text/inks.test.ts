import { describe, expect, it } from "vitest";
import { themes } from "../../../attnwidget/shared/colors.json";
import { STEPS } from "../../draw/colormap";
import { contrast, inksOf, OWN, rgbOf } from "./inks";

const parse = (color: string) =>
  (color.match(/\d+/g) ?? []).map(Number) as unknown as [number, number, number];

it("computes the contrast of WCAG", () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 5);
  expect(contrast(rgbOf("#777777"), rgbOf("#ffffff"))).toBeCloseTo(4.48, 2);
});

describe.each(["light", "dark"] as const)("in the %s", (scheme) => {
  it.each([false, true])("every letter is read on its ground (signed: %s)", (isSigned) => {
    const inks = inksOf(scheme, isSigned);
    expect(inks).toHaveLength(STEPS);
    const { "own-bg": paper, text } = themes[scheme];
    const worst = inks.map(({ ground, letters }) =>
      contrast(
        ground ? parse(ground) : rgbOf(paper),
        rgbOf(!letters || letters === OWN ? text : letters),
      ),
    );
    expect(Math.min(...worst)).toBeGreaterThan(4.5);
  });

  it("nothing is paper", () => {
    expect(inksOf(scheme, false)[0]?.ground).toBe("");
    expect(inksOf(scheme, true)[128]?.ground).toBe("");
    expect(inksOf(scheme, false)[255]?.ground).not.toBe("");
  });
});
