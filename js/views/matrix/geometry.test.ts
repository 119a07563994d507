import { describe, expect, it } from "vitest";
import { including, pan, type Range, spanOf, tileOf, zoom } from "./geometry";

describe("a range of tokens", () => {
  it("is zoomed around a token, which stays where it is", () => {
    expect(zoom([0, 100], 0.5, 50, 100)).toEqual([25, 75]);
    expect(zoom([0, 100], 0.5, 0, 100)).toEqual([0, 50]);
    expect(zoom([25, 75], 2, 50, 100)).toEqual([0, 100]);
  });

  it("never leaves the input, and grows and shrinks however small it is", () => {
    for (const count of [1, 3, 7, 500]) {
      let range: Range = [0, count];
      for (let step = 0; step < 30; step++) range = zoom(range, 0.8, count - 1, count);
      expect(spanOf(range)).toBe(Math.min(4, count));
      expect(range[1]).toBe(count);
      for (let step = 0; step < 60; step++) range = zoom(range, 1.2, 0, count);
      expect(range).toEqual([0, count]);
    }
  });

  it("is moved as far as the input goes", () => {
    expect(pan([10, 30], -50, 100)).toEqual([0, 20]);
    expect(pan([10, 30], 500, 100)).toEqual([80, 100]);
    expect(including([10, 30], 35, 100)).toEqual([16, 36]);
    expect(including([10, 30], 5, 100)).toEqual([5, 25]);
    expect(including([10, 30], 12, 100)).toEqual([10, 30]);
  });
});

describe("the tile to ask for", () => {
  it("is everything where every pair has its cell, or nothing is zoomed into", () => {
    expect(tileOf([10, 20], 500, 512)).toBeNull();
    expect(tileOf([0, 2000], 2000, 512)).toBeNull();
  });

  it("holds the range, in cells of their own where the range alone would have them", () => {
    for (const start of [0, 1, 333, 1400]) {
      for (const span of [4, 37, 250, 500, 512, 600]) {
        const range: Range = [start, start + span];
        const tile = tileOf(range, 2000, 512) as [number, number];
        expect(tile[0]).toBeLessThanOrEqual(start);
        expect(tile[1]).toBeGreaterThanOrEqual(Math.min(2000, start + span));
        if (span <= 512) expect(spanOf(tile)).toBeLessThanOrEqual(512);
      }
    }
  });

  it("is the same for ranges near each other", () => {
    const tiles = Array.from({ length: 32 }, (_, step) =>
      tileOf([640 + step, 868 + step], 2000, 512),
    );
    expect(new Set(tiles.map(String)).size).toBeLessThanOrEqual(3);
  });
});
