import { describe, expect, it } from "vitest";
import { progressAt } from "../../draw/curve";
import { columnShift, layoutColumn, middleOf } from "./layout";

const tokens = (count: number) => ({
  text: Array.from({ length: count }, (_, index) => `t${index}`),
  special: [],
  continues: [2],
  segments: [],
});

describe("layoutColumn", () => {
  it("stacks tokens without gaps or overlap, and ends below the last one", () => {
    const column = layoutColumn(tokens(60));
    for (let i = 1; i < 60; i++) {
      expect(column.tops[i]).toBe((column.tops[i - 1] ?? 0) + (column.heights[i - 1] ?? 0));
      expect(middleOf(column, i)).toBe(
        ((column.tops[i] ?? 0) + (column.tops[i + 1] ?? column.height - 6)) / 2,
      );
    }
  });

  it("stands pieces of one word closer together", () => {
    const { heights } = layoutColumn(tokens(10));
    expect(heights[2]).toBeLessThan(heights[5] ?? 0);
  });
});

describe("columnShift", () => {
  const [long, short] = [layoutColumn(tokens(100)), layoutColumn(tokens(50))];
  const travel = long.height - 300;

  it("leaves the longer column to the scrolling", () => {
    expect(columnShift(long, long.height, 300, 123)).toBe(0);
  });

  it("lets both columns reach their ends together", () => {
    const shift = columnShift(short, long.height, 300, travel);
    expect(shift + short.height).toBeCloseTo(long.height);
  });

  it("keeps in sight a column that fits", () => {
    const tiny = layoutColumn(tokens(5));
    expect(columnShift(tiny, long.height, 300, 200)).toBeCloseTo(200);
  });
});

describe("progressAt", () => {
  it("solves the curve: the point lies on the Bézier it is drawn as", () => {
    const span = { left: 100, right: 500 };
    for (const t of [0.1, 0.35, 0.5, 0.8]) {
      const [a, b, c, d] = [(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t ** 2, t ** 3];
      const x = a * 100 + b * 300 + c * 300 + d * 500;
      expect(progressAt(span, x)).toBeCloseTo(c + d, 6);
    }
    expect(progressAt(span, 100)).toBeCloseTo(0, 6);
    expect(progressAt(span, 500)).toBeCloseTo(1, 6);
  });
});
