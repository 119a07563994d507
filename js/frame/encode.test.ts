import { describe, expect, it } from "vitest";
import { decode } from "./decode";
import { encodeRows } from "./encode";
import { joinHeads, type RowsFrame, splitHeads } from "./rows";
import { rowsWantOf } from "./testing";

const want = rowsWantOf(
  { stream: "sélf", layer: 2, heads: [1, 4], method: "rollout", hide_first: true },
  { discard_ratio: 0.5 },
);

// Every weight is a float16 exactly: a subnormal, halves, sums of powers of two.
const frame: RowsFrame = {
  kind: "rows",
  heads: 2,
  queries: 2,
  listed: 3,
  indices: Uint16Array.from([2, 0, 1, 300, 1, 0, 0, 1, 2, 1, 2, 0]),
  weights: Float32Array.from([0.5, 0.25, 2 ** -24, 1, 0, 0, 0.625, 0.375, 0, 0.5, 0.5, 2 ** -14]),
  rest: Float32Array.from([0.25, 0, 0, 0]),
  received: Float32Array.from([0.3, 0.1, 0.5, 0, 0.6].flatMap((share) => [share, share / 3])),
  scale: 1,
  hidden: 1,
  hiddenMass: [0.25, 0.5],
};

describe("rows frames", () => {
  it("come back from their bytes", () => {
    expect(decode(encodeRows(want, frame))).toEqual({ want, frame });
  });

  it.each([1, 2 ** -30, 2 ** 40])("come back with their signs, in the unit %d", (unit) => {
    const signed = {
      ...frame,
      weights: frame.weights.map((weight, at) => (at % 2 ? 0 - weight : weight) * unit),
      rest: frame.rest.map((rest) => rest * unit),
    };
    expect(decode(encodeRows(want, signed)).frame).toEqual(signed);
  });

  it("come back when the bytes begin anywhere", () => {
    const bytes = encodeRows(want, frame);
    const shifted = new Uint8Array(bytes.length + 5);
    shifted.set(bytes, 5);
    expect(decode(new DataView(shifted.buffer, 5)).frame).toEqual(frame);
  });

  it("start their arrays at multiples of eight bytes", () => {
    const bytes = encodeRows(want, frame);
    const length = new DataView(bytes.buffer).getUint32(4, true);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    for (const { offset } of header.arrays) expect(offset % 8).toBe(0);
  });

  it("split into heads and join again", () => {
    const [first, second] = splitHeads(frame);
    expect(Array.from(second?.indices ?? [])).toEqual([0, 1, 2, 1, 2, 0]);
    expect(second?.hiddenMass).toEqual([0.5]);
    const joined = joinHeads([first, second].filter((part) => part !== undefined));
    expect(joined).toEqual({ ...frame, indices: Uint32Array.from(frame.indices) });
  });
});
