import { describe, expect, it } from "vitest";
import type { Target } from "./method";
import { decodePredictions } from "./predictions";
import { decodeStatistics } from "./statistics";
import { ABOUT_METHODS, rowsWantOf } from "./testing";
import { type Want, wantKey } from "./want";

describe("decodePredictions", () => {
  const predictions = [{ index: 7, text: "mat", probability: 0.5 }];
  const read = (header: Record<string, unknown>) => decodePredictions({ header, arrays: {} });

  it("has a position, or none where the head has none", () => {
    expect(read({ unit: "token", position: 3, predictions }).position).toBe(3);
    expect(read({ unit: "class", position: null, predictions }).position).toBeNull();
  });

  it("refuses what it does not know and entries that lack something", () => {
    const score = [{ index: 0, text: "LABEL_0", probability: null, logit: -2.5 }];
    expect(read({ unit: "class", position: null, predictions: score }).predictions).toEqual(score);
    expect(() => read({ unit: "byte", position: 0, predictions })).toThrow(/byte/);
    expect(() => read({ unit: "token", predictions: [{ index: 7, text: "mat" }] })).toThrow(
      /probability/,
    );
  });
});

describe("decodeStatistics", () => {
  it("has figures by name and the pattern", () => {
    const header = { statistics: { gini: 0.5, locality: null }, pattern: "bos" };
    expect(decodeStatistics({ header, arrays: {} })).toEqual({ kind: "statistics", ...header });
  });

  it("refuses a frame without its pattern", () => {
    expect(() => decodeStatistics({ header: { statistics: {} }, arrays: {} })).toThrow(/pattern/);
  });
});

describe("wantKey", () => {
  const target = { kind: "logit", position: 3, index: 7 } as const;
  const isSame = (a: Want, b: Want) => wantKey(ABOUT_METHODS, a) === wantKey(ABOUT_METHODS, b);

  it("tells targets apart only where gradients are taken", () => {
    for (const method of ["gradient_flow", "relevance"] as const) {
      expect(isSame(rowsWantOf({ method }), rowsWantOf({ method }, { target }))).toBe(false);
    }
    for (const method of ["attention", "rollout", "max_flow"] as const) {
      expect(isSame(rowsWantOf({ method }), rowsWantOf({ method }, { target }))).toBe(true);
    }
  });

  it("tells discard ratios apart only for rollout", () => {
    const differs = (method: "rollout" | "max_flow") =>
      !isSame(rowsWantOf({ method }), rowsWantOf({ method }, { discard_ratio: 0.5 }));
    expect([differs("rollout"), differs("max_flow")]).toEqual([true, false]);
  });

  it("tells contrasts by both tokens, and spans by both ends", () => {
    const method = "relevance";
    const targets: Target[] = [
      target,
      { ...target, kind: "contrast", versus: 9 },
      { ...target, kind: "contrast", versus: 10 },
      { ...target, kind: "contrast", index: 9, versus: 7 },
      { kind: "span", start: 3, stop: 7 },
      { kind: "span", start: 3, stop: 8 },
    ];
    const keys = targets.map((each) =>
      wantKey(ABOUT_METHODS, rowsWantOf({ method }, { target: each })),
    );
    expect(new Set(keys).size).toBe(targets.length);
  });

  it("takes no notice of the order in which a target lists its fields", () => {
    const turned = { index: 7, position: 3, kind: "logit" } as const;
    const method = "gradient_flow";
    expect(
      isSame(rowsWantOf({ method }, { target }), rowsWantOf({ method }, { target: turned })),
    ).toBe(true);
  });

  it("leaves fusion out where relevance has its own", () => {
    const fused = (method: "relevance" | "rollout") =>
      isSame(rowsWantOf({ method }), rowsWantOf({ method, fusion: "max" }));
    expect([fused("relevance"), fused("rollout")]).toEqual([true, false]);
  });
});
