import { expect, it } from "vitest";
import type { SummaryFrame } from "../../frame/summary";
import { columnsOf, nextSort, sortedHeads } from "./headRows";

const NONE = { importance: null, effects: null, exact: null };

function summary(entropy: number[], own = entropy): SummaryFrame {
  const [figures, diagonal] = [Float32Array.from(entropy), Float32Array.from(own)];
  return {
    ...{ kind: "summary", entropy: figures, effective: figures, first: figures },
    ...{ diagonal, previous: diagonal, distance: diagonal },
  };
}

const layers = [{ summary: summary([0.3, 0.1]) }, { summary: summary([0.2, 0.4]) }];
const namesOf = (rows: { layer: number; head: number }[]) =>
  rows.map(({ layer, head }) => `${layer}.${head}`).join(" ");

it("orders all heads by a figure, either way, and by layer and head", () => {
  const columns = columnsOf({ ...NONE, layers });
  const order = (column: string | null, descending: boolean) =>
    namesOf(sortedHeads(2, 2, columns, { column, descending }));
  expect(order(null, false)).toBe("0.0 0.1 1.0 1.1");
  expect(order(null, true)).toBe("1.1 1.0 0.1 0.0");
  expect(order("entropy", true)).toBe("1.1 0.0 1.0 0.1");
  expect(order("entropy", false)).toBe("0.1 1.0 0.0 1.1");
});

it("puts heads whose figure is not known last, either way", () => {
  const effects = (layer: number) => (layer === 1 ? [2, -1] : undefined);
  const columns = columnsOf({ ...NONE, layers, effects });
  const sorted = (descending: boolean) =>
    namesOf(sortedHeads(2, 2, columns, { column: "effect", descending }));
  expect(sorted(true)).toBe("1.0 1.1 0.0 0.1");
  expect(sorted(false)).toBe("1.1 1.0 0.0 0.1");
});

it("leaves out figures that are not defined or that an older frame lacks", () => {
  const titles = (each: SummaryFrame) =>
    columnsOf({ ...NONE, layers: [{ summary: each }] }).map(({ title }) => title);
  expect(titles(summary([0.1]))).toContain("distance");
  expect(titles(summary([0.1], [Number.NaN]))).toEqual(["entropy", "tokens", "first"]);
  const { distance: _, ...older } = summary([0.1]);
  expect(titles(older)).not.toContain("distance");
});

it("turns the order round with a second click, and begins with the largest", () => {
  const first = nextSort({ column: null, descending: false }, "entropy");
  expect(first).toEqual({ column: "entropy", descending: true });
  expect(nextSort(first, "entropy").descending).toBe(false);
  expect(nextSort(first, null)).toEqual({ column: null, descending: false });
});
