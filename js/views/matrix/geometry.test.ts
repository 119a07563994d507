import { describe, expect, it } from "vitest";
import {
  type Cells,
  cellAt,
  including,
  isExact,
  pan,
  type Range,
  spanOf,
  tileOf,
  zoom,
} from "./geometry";
import { matrixOf } from "./testing";

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

/** As the kernel pools: token i of n falls into cell floor(i · cells / n), which keeps the largest. */
function pool(queries: number, keys: number, rows: number, columns: number) {
  const value = (query: number, key: number) => ((query * 7919 + key * 104729) % 1000) / 1000;
  const cells = new Float32Array(rows * columns);
  for (let query = 0; query < queries; query++) {
    for (let key = 0; key < keys; key++) {
      const at =
        Math.floor((query * rows) / queries) * columns + Math.floor((key * columns) / keys);
      cells[at] = Math.max(cells[at] as number, value(query, key));
    }
  }
  return { cells, value };
}

describe("the cell of a pair of tokens", () => {
  it("holds that pair, no other cell does, and its value is the largest of its tokens", () => {
    const [queries, keys, rows, columns] = [23, 17, 10, 5];
    const { cells, value } = pool(queries, keys, rows, columns);
    const covers = { queries: [100, 100 + queries], keys: [40, 40 + keys] } as const;
    const pooled: Cells = { frame: matrixOf(rows, columns, cells), covers };
    expect(isExact(pooled)).toBe(false);
    for (let query = 0; query < queries; query++) {
      for (let key = 0; key < keys; key++) {
        const cell = cellAt(pooled, 100 + query, 40 + key);
        if (!cell) throw new Error("There is no cell.");
        expect(cell.queries[0]).toBeLessThanOrEqual(100 + query);
        expect(cell.queries[1]).toBeGreaterThan(100 + query);
        let most = 0;
        for (let q = cell.queries[0]; q < cell.queries[1]; q++) {
          for (let k = cell.keys[0]; k < cell.keys[1]; k++) {
            most = Math.max(most, value(q - 100, k - 40));
          }
        }
        expect(cell.value).toBeCloseTo(most, 6);
      }
    }
  });

  it("is none where the frame does not reach", () => {
    const covers = { queries: [2, 4], keys: [0, 2] } as const;
    const cells: Cells = { frame: matrixOf(2, 2, Float32Array.of(1, 2, 3, 4)), covers };
    expect(isExact(cells)).toBe(true);
    expect(cellAt(cells, 3, 1)).toEqual({ queries: [3, 4], keys: [1, 2], value: 4 });
    expect(cellAt(cells, 1, 1)).toBeNull();
    expect(cellAt(cells, 4, 1)).toBeNull();
  });
});
