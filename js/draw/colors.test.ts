import { expect, it } from "vitest";
import drawn from "../../tests/picture/colors.json";
import { bluesColors, type ColorTable, divergingColors, sequentialColors } from "./colormap";
import { headColor, headDash } from "./palette";
import { viridisColors } from "./viridis";

function hexOf(colors: ColorTable): string {
  const levels = [...colors].filter((_, at) => at % 4 !== 3);
  return levels.map((level) => level.toString(16).padStart(2, "0")).join("");
}

const TABLES = {
  ink: sequentialColors,
  signed: divergingColors,
  blues: bluesColors,
  viridis: () => viridisColors(),
};

it.each([
  "ink",
  "signed",
  "blues",
  "viridis",
] as const)("%s is the same table as in pictures that Python draws", (name) => {
  expect(hexOf(TABLES[name]("light"))).toBe(drawn.colormaps[name].light);
  expect(hexOf(TABLES[name]("dark"))).toBe(drawn.colormaps[name].dark);
});

it.each([
  "light",
  "dark",
] as const)("heads on %s paper have the colours of pictures that Python draws", (scheme) => {
  const heads = [null, ...Array.from({ length: 20 }, (_, head) => head)];
  expect(heads.map((head) => headColor(head, scheme))).toEqual(drawn.heads[scheme]);
});

it("tells heads of one colour apart by the line patterns of pictures that Python draws", () => {
  expect([0, 16, 32, 48].map(headDash)).toEqual(drawn.dashes);
});
