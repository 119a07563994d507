import { describe, expect, it } from "vitest";
import { placeLabels, roundStride } from "./labels";

const gaps = (labels: { middle: number }[]) =>
  labels.slice(1).map(({ middle }, at) => middle - (labels[at]?.middle ?? 0));

describe("the tokens at an axis", () => {
  it("are all there when there is room", () => {
    const labels = placeLabels([3, 8], 20, 14, []);
    expect(labels.map(({ index }) => index)).toEqual([3, 4, 5, 6, 7]);
    expect(labels[0]?.middle).toBe(10);
  });

  it("never come nearer than they are high, whatever is pinned", () => {
    for (const tokenSize of [0.2, 0.9, 3, 7, 13.9, 14]) {
      const pins = [100, 101, 105, 130, 99, 199];
      const labels = placeLabels([50, 250], tokenSize, 14, pins);
      expect(Math.min(...gaps(labels))).toBeGreaterThan(13.9);
    }
  });

  it("write what is pinned first, and keep their places when the range moves", () => {
    expect(placeLabels([0, 100], 2, 14, [43]).some(({ index }) => index === 43)).toBe(true);
    const here = placeLabels([0, 100], 2, 14, []).map(({ index }) => index);
    const there = placeLabels([7, 107], 2, 14, []).map(({ index }) => index);
    expect(here.filter((index) => index >= 7)).toEqual(there.filter((index) => index < 100));
  });

  it("are every first, second, fifth or tenth token", () => {
    expect([0.3, 1, 1.2, 2, 3, 7, 11, 50, 51].map(roundStride)).toEqual([
      1, 1, 2, 2, 5, 10, 20, 50, 100,
    ]);
  });
});
