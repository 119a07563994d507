import { expect, it } from "vitest";
import { rowsWantOf } from "../../frame/testing";
import type { MatrixWant, PathsWant } from "../../frame/want";
import { DEFAULT_SELECTION, type Selection } from "../selection";
import { streamOf } from "../testing";
import { crc32 } from "./crc32";
import { changeWithin } from "./held";
import { makeMatrix } from "./makeMatrix";
import { makePaths, type Step } from "./makePaths";
import { makeRows } from "./makeRows";
import { pool } from "./pool";
import { fuse } from "./scores";
import { narrow } from "./shown";

const matrices = (heads: number, keys: number, values: number[]) => ({
  heads,
  queries: values.length / heads / keys,
  keys,
  values: Float32Array.from(values),
});

const stream = streamOf({
  queries: { text: ["[CLS]", "a", "b"], special: [0], continues: [], segments: [0, 0, 1] },
});

it("has the checksum of the standard's example", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
});

it("lists keys by falling weight, equal ones by rising index", () => {
  const shown = narrow(matrices(1, 3, [0.25, 0.5, 0.25, 0, 0, 0, 1, 0, 0]), stream, {
    hide_special: false,
    hide_first: false,
  });
  const frame = makeRows(shown, rowsWantOf());
  expect([...frame.indices]).toEqual([1, 0, 2, 0, 1, 2, 0, 1, 2]);
  expect([...frame.weights]).toEqual([0.5, 0.25, 0.25, 0, 0, 0, 1, 0, 0]);
  // The empty row does not count.
  expect([...frame.received]).toEqual([0.625, 0.25, 0.125]);
});

it("scales what is left of a row to the mass that it had", () => {
  const hidden = narrow(matrices(1, 3, [0.5, 0.25, 0.25, 0.9, 0, 0, 1, 0, 0]), stream, {
    hide_special: true,
    hide_first: false,
  });
  expect([...hidden.values]).toEqual([0, 0.5, 0.5, 0, 0, 0, 0, 0, 0]);
  expect(hidden.hidden).toBe(1);
  expect(hidden.hiddenMass[0]).toBeCloseTo((0.5 + 1 + 1) / 3);
});

it("keeps one block of a pair and scales nothing", () => {
  const block = narrow(matrices(1, 3, [0.5, 0.25, 0.25, 1, 0, 0, 0.5, 0, 0.5]), stream, {
    hide_special: false,
    hide_first: false,
    pair_filter: "ab",
  });
  expect([...block.values]).toEqual([0, 0, 0.25, 0, 0, 0, 0, 0, 0]);
});

it.each([
  ["mean", [0.5, 0.25]],
  ["max", [0.75, 0.5]],
  ["min", [0.25, 0]],
] as const)("fuses heads by their %s", (fusion, expected) => {
  expect([...fuse(matrices(2, 2, [0.25, 0.5, 0.75, 0]), fusion).values]).toEqual(expected);
});

it("gives a cell the value of the largest magnitude that it covers", () => {
  const values = Float32Array.from([1, -3, 0, 2, 0, 0, 0, 0, -1]);
  expect([...pool(values, 3, [0, 3], [0, 3], 2).cells]).toEqual([-3, 0, 0, -1]);
  expect([...pool(values, 3, [1, 3], [0, 2], 2).cells]).toEqual([2, 0, 0, 0]);
});

it("lists the strongest connections between different tokens", () => {
  const want = { queries: null, keys: null, size: 9 } as unknown as MatrixWant;
  const frame = makeMatrix(Float32Array.from([0.9, 0.1, -0.3, 0.5]), 2, 2, want, true);
  expect(frame.critical.map(({ query, key }) => [query, key])).toEqual([
    [1, 0],
    [0, 1],
  ]);
  expect([frame.low, frame.high]).toEqual([Math.fround(-0.3), Math.fround(0.9)]);
  expect(frame.incoming[0]).toBeCloseTo(0.3);
});

const step = (layer: number, rows: number[]): Step => ({
  step: { stream: "self", layer },
  ...{ first: 0, made: 2, nodes: 2, rows: Float32Array.from(rows) },
});
const steps = [step(0, [0.5, 0.5, 0, 1]), step(1, [0.25, 0.75, 1, 0])];
const pathsWant = (change: Partial<PathsWant>) =>
  ({ kind: "paths", level: null, index: 0, via: null, most: 9, ...change }) as PathsWant;

it("multiplies steps down from a node", () => {
  const frame = makePaths(steps, pathsWant({}));
  expect([...frame.shares]).toEqual([0.125, 0.875, 0.25, 0.75, 1, 0]);
  expect([...frame.edges]).toEqual([0.75, 0.75, 0.25, 0.125, 0.125]);
});

it("follows only what goes through a node", () => {
  const frame = makePaths(steps, pathsWant({ via: [1, 0] }));
  expect([...frame.shares]).toEqual([0.125, 0.125, 0.25, 0, 0.25, 0]);
  expect([...frame.edges]).toEqual([0.25, 0.125, 0.125]);
});

it("begins at the level that is asked for", () => {
  const frame = makePaths(steps, pathsWant({ level: 1, index: 1 }));
  expect([...frame.shares]).toEqual([0, 1, 0, 1, 0, 0]);
});

const about = {
  version: 1 as const,
  model: null,
  views: ["head" as const, "matrix" as const],
  streams: [
    streamOf({
      methods: ["attention", "rollout"],
      held: {
        layers: [1, 4],
        heads: [0, 2],
        methods: [
          { method: "attention", fusion: "mean", discard_ratio: 0, target: null },
          { method: "rollout", fusion: "max", discard_ratio: 0.5, target: null },
        ],
      },
    }),
  ],
};
const before: Selection = { ...DEFAULT_SELECTION, layer: 1, heads: [0] };

it.each<[Partial<Selection>, Partial<Selection>]>([
  [{ layer: 2 }, { layer: 4 }],
  [{ layer: 0 }, { layer: 1 }],
  [{ heads: [1] }, { heads: [2] }],
  [{ heads: [0, 1] }, { heads: [0] }],
  [{ view: "model" }, { view: "head" }],
  [{ view: "matrix" }, { view: "matrix" }],
  [{ method: "rollout" }, { method: "rollout", fusion: "max", discard_ratio: 0.5 }],
  [{ method: "max_flow" }, { method: "attention" }],
  [{ fusion: "min" }, { fusion: "min" }],
])("leads %o to what is held", (change, expected) => {
  expect(changeWithin(before, change, about)).toMatchObject(expected);
});
