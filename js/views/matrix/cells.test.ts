import { describe, expect, it } from "vitest";
import { type Cells, cellAt, isExact } from "./cells";
import { matrixOf } from "./testing";

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
