import { describe, expect, it } from "vitest";
import { scaleOf, stepOf, ticksOf } from "./scale";

const frames = [
  { low: 0.1, high: 0.5 },
  { low: 0, high: 0.2 },
];

describe("the scale of colours", () => {
  it("is one for both matrices, from the smallest to the largest value", () => {
    const scale = scaleOf(frames, "fitted", false);
    expect([scale.low, scale.high]).toEqual([0, 0.5]);
    expect([stepOf(scale, 0), stepOf(scale, 0.5), stepOf(scale, 9)]).toEqual([0, 255, 255]);
  });

  it("is linear from 0 to 1 where it is not fitted", () => {
    const scale = scaleOf(frames, "unit", false);
    expect([0, 0.2, 1].map((value) => stepOf(scale, value))).toEqual([0, 51, 255]);
    expect(ticksOf(scale)).toEqual([0, 0.5, 1]);
  });

  it("says when values lie beyond it", () => {
    const relevance = [{ low: 0, high: 1.1 }];
    expect(scaleOf(relevance, "unit", false).isExceeded).toBe(true);
    expect(scaleOf(relevance, "fitted", false).isExceeded).toBe(false);
    expect(scaleOf([{ low: 0, high: 1.0002 }], "unit", false).isExceeded).toBe(false);
  });

  it("gives both signs of a difference the same room, and zero the middle", () => {
    const scale = scaleOf([{ low: -0.4, high: 0.1 }], "fitted", true);
    expect([scale.low, scale.high]).toEqual([-0.4, 0.4]);
    expect(Math.abs(stepOf(scale, 0) - 127.5)).toBeLessThan(1);
    for (const value of [0.01, 0.1, 0.3]) {
      expect(Math.abs(stepOf(scale, value) + stepOf(scale, -value) - 255)).toBeLessThanOrEqual(1);
    }
  });

  it("shows a difference that is zero everywhere in the middle's colour", () => {
    const scale = scaleOf([{ low: 0, high: 0 }], "fitted", true);
    expect(Math.abs(stepOf(scale, 0) - 127.5)).toBeLessThan(1);
  });

  it.each([
    [scaleOf(frames, "fitted", false)],
    [scaleOf(frames, "fitted", true)],
    [scaleOf(frames, "unit", true)],
  ])("writes its values where their colours are", (scale) => {
    const ticks = ticksOf(scale);
    ticks.forEach((value, at) => {
      const place = (at / (ticks.length - 1)) * 255;
      expect(Math.abs(stepOf(scale, value) - place)).toBeLessThan(1);
    });
  });
});
