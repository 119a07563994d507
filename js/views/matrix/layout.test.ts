import { describe, expect, it } from "vitest";
import { arrange } from "./arrange";
import type { Section } from "./geometry";
import { labelWidth, layoutPlot, turnOfLabel } from "./layout";

const section = (queries: number, keys = queries): Section => ({
  queries: [0, queries],
  keys: [0, keys],
});
const labels = { query: 80, key: 80 };

describe("a plot", () => {
  it.each([5, 30, 500, 2000])("of %i tokens has square cells within its room", (count) => {
    for (const width of [440, 650, 1250]) {
      const layout = layoutPlot({ width, height: 480 }, section(count), labels);
      expect(layout.rowHeight).toBeCloseTo(layout.columnWidth);
      expect(layout.height).toBeLessThanOrEqual(480);
      expect(layout.left + layout.width + layout.right).toBeLessThanOrEqual(width);
    }
  });

  it("stays wide enough to be seen where the sides are unlike", () => {
    expect(layoutPlot({ width: 650, height: 480 }, section(500, 4), labels).width).toBe(160);
    expect(layoutPlot({ width: 650, height: 480 }, section(1, 4), labels).height).toBe(52);
  });

  it("writes keys across, slanting or upright, as they fit", () => {
    const turn = (count: number) =>
      layoutPlot({ width: 650, height: 480 }, section(count), { query: 80, key: 50 }).turn;
    expect([turn(5), turn(16), turn(60)]).toEqual([0, 45, 90]);
  });

  it("writes a short key across, however the others are written", () => {
    const layout = layoutPlot({ width: 650, height: 480 }, section(26), { query: 80, key: 50 });
    expect(layout.turn).toBe(90);
    expect([turnOfLabel("a", layout), turnOfLabel("[MASK]", layout)]).toEqual([0, 90]);
  });

  it("knows that long and wide tokens need room, up to a limit", () => {
    const width = (...text: string[]) =>
      labelWidth({ text, special: [], continues: [], segments: [] });
    expect(width("a", "walked")).toBeGreaterThan(width("a", "b"));
    expect(width("漢字漢字")).toBeGreaterThan(width("abcd"));
    expect(width("x".repeat(5000))).toBeLessThan(120);
  });
});

describe("two matrices", () => {
  it("stand side by side with cells of one size, or one below the other where it is narrow", () => {
    const wide = arrange(650, section(16), labels, true);
    const [first, second] = wide.layouts;
    expect(wide.isStacked).toBe(false);
    expect([second?.width, second?.height]).toEqual([first?.width, first?.height]);
    const sum = wide.layouts.reduce((all, { left, width, right }) => all + left + width + right, 0);
    expect(sum).toBeLessThanOrEqual(650);
    expect(arrange(440, section(16), labels, true).isStacked).toBe(true);
  });
});

it("lists connections beside the matrix only where that takes nothing from it", () => {
  expect(arrange(650, section(16), labels, false).list).toBe("below");
  expect(arrange(1250, section(16), labels, false).list).toBe("beside");
});
