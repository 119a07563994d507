import { expect, it } from "vitest";
import { errorOf, RELATIVE } from "../frame/precision";
import { rowsWantOf } from "../frame/testing";
import { rootOf } from "../frame/thumbnails";
import type { MatrixWant } from "../frame/want";
import { streamOf } from "../state/testing";
import { crc32 } from "./crc32";
import { hideKeys } from "./hideKeys";
import { matrixFrame } from "./matrix";
import { pool } from "./pooling";
import { rowsFrame } from "./rows";
import { fuse } from "./scores";
import { thumbnailsFrame } from "./thumbnails";

const matrices = (heads: number, keys: number, values: number[]) => ({
  heads,
  queries: values.length / heads / keys,
  keys,
  values: Float32Array.from(values),
  floor: 0,
});

const NOTHING_HIDDEN = { hide_special: false, hide_first: false };

const stream = streamOf({
  queries: { text: ["[CLS]", "a", "b"], special: [0], continues: [], segments: [0, 0, 1] },
});

it("has the checksum of the standard's example", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
});

it("lists keys by falling weight, equal ones by rising index", () => {
  const shown = hideKeys(
    matrices(1, 3, [0.25, 0.5, 0.25, 0, 0, 0, 1, 0, 0]),
    stream,
    {
      hide_special: false,
      hide_first: false,
    },
    false,
  );
  const frame = rowsFrame(shown, rowsWantOf(), 1);
  expect([...frame.indices]).toEqual([1, 0, 2, 0, 1, 2, 0, 1, 2]);
  expect([...frame.weights]).toEqual([0.5, 0.25, 0.25, 0, 0, 0, 1, 0, 0]);
  // The empty row does not count.
  expect([...frame.received]).toEqual([0.625, 0.25, 0.125]);
});

it("scales what is left of a row to the mass that it had", () => {
  const hidden = hideKeys(
    matrices(1, 3, [0.5, 0.25, 0.25, 0.9, 0, 0, 1, 0, 0]),
    stream,
    {
      hide_special: true,
      hide_first: false,
    },
    false,
  );
  expect([...hidden.values]).toEqual([0, 0.5, 0.5, 0, 0, 0, 0, 0, 0]);
  expect(hidden.hidden).toBe(1);
  expect(hidden.hiddenMass[0]).toBeCloseTo((0.5 + 1 + 1) / 3);
});

it("keeps one block of a pair and scales nothing", () => {
  const block = hideKeys(
    matrices(1, 3, [0.5, 0.25, 0.25, 1, 0, 0, 0.5, 0, 0.5]),
    stream,
    {
      hide_special: false,
      hide_first: false,
      pair_filter: "ab",
    },
    false,
  );
  expect([...block.values]).toEqual([0, 0, 0.25, 0, 0, 0, 0, 0, 0]);
});

it.each([
  ["mean", [0.5, 0.25]],
  ["max", [0.75, 0.5]],
  ["min", [0.25, 0]],
] as const)("fuses heads by their %s", (fusion, expected) => {
  expect([...fuse(matrices(2, 2, [0.25, 0.5, 0.75, 0]), fusion).values]).toEqual(expected);
});

it("lists keys by falling magnitude where values have signs, and adds up magnitudes", () => {
  const values = [0.1, -0.5, 0.25, -0.25, 0, 0.5];
  const shown = hideKeys(matrices(1, 3, values), stream, NOTHING_HIDDEN, true);
  const frame = rowsFrame(shown, rowsWantOf(), null);
  expect([...frame.indices]).toEqual([1, 2, 0, 2, 0, 1]);
  expect([...frame.weights]).toEqual([-0.5, 0.25, 0.1, 0.5, -0.25, 0].map(Math.fround));
  expect(frame.scale).toBe(0.5);
  expect(frame.received[1]).toBeCloseTo(-0.25);
});

it("does not scale what is left of a row whose values have signs", () => {
  const narrowing = { ...NOTHING_HIDDEN, hide_special: true };
  const hidden = hideKeys(matrices(1, 3, [0.5, 0.25, -0.25]), stream, narrowing, true);
  expect([...hidden.values]).toEqual([0, 0.25, -0.25]);
  expect(hidden.hiddenMass).toEqual([0.5]);
  expect(errorOf(hidden, 0, 0.25)).toBeCloseTo(0.25 * RELATIVE);
});

it("says how far off a mean is whose heads cancel each other", () => {
  const fused = fuse(matrices(2, 1, [0.5, -0.5]), "mean");
  expect([...fused.values]).toEqual([0]);
  expect(fused.floor).toBeCloseTo(0.5 * RELATIVE);
});

it("keeps signs in thumbnails, and blank heads at zero", () => {
  const frame = thumbnailsFrame(matrices(1, 2, [0.5, -0.125, 0, -0.5]), 8, 2, [1], true);
  const roots = Array.from(frame.cells, (byte) => rootOf(byte, true));
  expect(roots.slice(0, 4)).toEqual([0, 0, 0, 0]);
  expect(roots[4]).toBe(1);
  expect(roots[5]).toBeCloseTo(-0.5, 2);
  expect(roots.slice(6)).toEqual([0, -1]);
  expect(frame.top).toBe(0.5);
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
