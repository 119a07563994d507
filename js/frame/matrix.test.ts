import { describe, expect, it } from "vitest";
import { ABOUT_METHODS } from "./testing";
import { type MatrixWant, wantKey } from "./want";

const want: MatrixWant = {
  ...{ kind: "matrix", stream: "self", layer: 1, heads: null, method: "attention" },
  ...{ fusion: "mean", discard_ratio: 0, target: null, pair_filter: "all" },
  ...{ hide_special: false, hide_first: false, queries: null, keys: null, size: 64, minus: null },
};
const key = (change: Partial<MatrixWant> & Record<string, unknown>) =>
  wantKey(ABOUT_METHODS, { ...want, ...change });
const rollout = { layer: 1, heads: null, method: "rollout", fusion: "mean" } as const;

describe("the key of a matrix", () => {
  it("tells tiles and what is subtracted apart", () => {
    const keys = [
      key({}),
      key({ queries: [0, 10] }),
      key({ keys: [0, 10] }),
      key({ minus: rollout }),
      key({ minus: { ...rollout, layer: 0 } }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("heeds the fusion unless one head is named", () => {
    expect(key({ heads: [1, 2], fusion: "max" })).not.toBe(key({ heads: [1, 2] }));
    expect(key({ heads: [1], fusion: "max" })).toBe(key({ heads: [1] }));
  });

  it("heeds the settings of the subtracted matrix's method", () => {
    expect(key({ discard_ratio: 0.5 })).toBe(key({}));
    expect(key({ discard_ratio: 0.5, minus: rollout })).not.toBe(key({ minus: rollout }));
  });
});
