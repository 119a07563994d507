import { expect, it } from "vitest";
import { rowsWantOf } from "../frame/testing";
import type { MatrixWant } from "../frame/want";
import { streamOf } from "../state/testing";
import { crc32 } from "./crc32";
import { hideKeys } from "./hideKeys";
import { matrixFrame } from "./matrix";
import { pool } from "./pooling";
import { rowsFrame } from "./rows";
import { fuse } from "./scores";

const matrices = (heads: number, keys: number, values: number[]) => ({
  heads,
  queries: values.length / heads / keys,
  keys,
  values: Float32Array.from(values),
  floor: 0,
});

const stream = streamOf({
  queries: { text: ["[CLS]", "a", "b"], special: [0], continues: [], segments: [0, 0, 1] },
});

it("has the checksum of the standard's example", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
});

it("lists keys by falling weight, equal ones by rising index", () => {
  const shown = hideKeys(matrices(1, 3, [0.25, 0.5, 0.25, 0, 0, 0, 1, 0, 0]), stream, {
    hide_special: false,
    hide_first: false,
  });
  const frame = rowsFrame(shown, rowsWantOf(), 1);
  expect([...frame.indices]).toEqual([1, 0, 2, 0, 1, 2, 0, 1, 2]);
  expect([...frame.weights]).toEqual([0.5, 0.25, 0.25, 0, 0, 0, 1, 0, 0]);
  // The empty row does not count.
  expect([...frame.received]).toEqual([0.625, 0.25, 0.125]);
});

it("scales what is left of a row to the mass that it had", () => {
  const hidden = hideKeys(matrices(1, 3, [0.5, 0.25, 0.25, 0.9, 0, 0, 1, 0, 0]), stream, {
    hide_special: true,
    hide_first: false,
  });
  expect([...hidden.values]).toEqual([0, 0.5, 0.5, 0, 0, 0, 0, 0, 0]);
  expect(hidden.hidden).toBe(1);
  expect(hidden.hiddenMass[0]).toBeCloseTo((0.5 + 1 + 1) / 3);
});

it("keeps one block of a pair and scales nothing", () => {
  const block = hideKeys(matrices(1, 3, [0.5, 0.25, 0.25, 1, 0, 0, 0.5, 0, 0.5]), stream, {
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
  const frame = matrixFrame(Float32Array.from([0.9, 0.1, -0.3, 0.5]), 2, 2, want, true, {});
  expect(frame.critical.map(({ query, key }) => [query, key])).toEqual([
    [1, 0],
    [0, 1],
  ]);
  expect([frame.low, frame.high]).toEqual([Math.fround(-0.3), Math.fround(0.9)]);
  expect(frame.incoming[0]).toBeCloseTo(0.3);
});
