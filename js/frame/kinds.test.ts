import { describe, expect, it } from "vitest";
import type { FrameArray, RawFrame } from "./bytes";
import { decodeMatrix } from "./matrix";
import { decodeNeuron } from "./neuron";
import { byteOf, decodeThumbnails, headCells, rootOf } from "./thumbnails";

const floats = (...shape: number[]): FrameArray => ({
  dtype: "float32",
  shape,
  values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
});
const bytes = (...shape: number[]): FrameArray => ({
  ...floats(...shape),
  dtype: "uint8",
  values: Uint8Array.from(floats(...shape).values),
});

describe("decodeThumbnails", () => {
  const raw: RawFrame = { header: { top: 0.5 }, arrays: { cells: bytes(2, 2, 3) } };

  it("knows heads, queries and keys apart", () => {
    const frame = decodeThumbnails(raw);
    expect([frame.heads, frame.rows, frame.columns, frame.top]).toEqual([2, 2, 3, 0.5]);
    expect([...headCells(frame, 1)]).toEqual([6, 7, 8, 9, 10, 11]);
  });

  it("knows the sign of a byte, if values have signs", () => {
    expect(decodeThumbnails(raw).signed).toBe(false);
    const signed = decodeThumbnails({ ...raw, header: { top: 0.5, signed: true } });
    expect(signed.signed).toBe(true);
    expect([1, 128, 255].map((byte) => rootOf(byte, signed.signed))).toEqual([-1, 0, 1]);
    for (const root of [-1, -0.25, 0, 0.5, 1]) {
      expect(rootOf(byteOf(root, true), true)).toBeCloseTo(root, 2);
    }
  });

  it("refuses a frame without its scale or with other numbers", () => {
    expect(() => decodeThumbnails({ ...raw, header: {} })).toThrow(/"top"/);
    expect(() => decodeThumbnails({ ...raw, arrays: { cells: floats(2, 2, 3) } })).toThrow(/bytes/);
  });
});

describe("decodeMatrix", () => {
  const arrays = {
    ...{ cells: floats(2, 3), incoming: floats(3), outgoing: floats(2) },
    critical: floats(3, 2),
  };
  const header = { low: -0.25, high: 5 };

  it("knows queries and keys apart and lists connections one by one", () => {
    const frame = decodeMatrix({ header, arrays });
    expect([frame.rows, frame.columns, frame.low, frame.high]).toEqual([2, 3, -0.25, 5]);
    expect([frame.incoming.length, frame.outgoing.length]).toEqual([3, 2]);
    expect(frame.critical).toEqual([
      { query: 0, key: 2, value: 4 },
      { query: 1, key: 3, value: 5 },
    ]);
  });

  it("reads cells in the unit that the frame names", () => {
    const frame = decodeMatrix({ header: { ...header, unit: 2 ** -20 }, arrays });
    expect([...frame.cells]).toEqual([0, 1, 2, 3, 4, 5].map((value) => value * 2 ** -20));
  });

  it("refuses a frame without its scale or with connections of another form", () => {
    expect(() => decodeMatrix({ header: { low: 0 }, arrays })).toThrow(/"high"/);
    const odd = { ...arrays, critical: floats(2, 3) };
    expect(() => decodeMatrix({ header, arrays: odd })).toThrow(/query, key, value/);
  });
});

describe("decodeNeuron", () => {
  const arrays = {
    query: floats(2),
    keys: floats(3, 2),
    scaled: floats(3),
    weights: floats(3),
    allowed: bytes(3),
  };
  const header = { scale: 0.5, softcap: null, sink: null };

  it("leaves out what a model does not have", () => {
    const frame = decodeNeuron({ header, arrays });
    expect([frame.dimensions, frame.keyCount, frame.scale]).toEqual([2, 3, 0.5]);
    expect([frame.bias, frame.capped, frame.softcap, frame.sink]).toEqual([null, null, null, null]);
  });

  it("has bias, soft cap and sink where there are any", () => {
    const full = { ...arrays, bias: floats(3), capped: floats(3) };
    const frame = decodeNeuron({ header: { scale: 1, softcap: 50, sink: -1 }, arrays: full });
    expect(frame.bias).toHaveLength(3);
    expect(frame.capped).toHaveLength(3);
    expect([frame.softcap, frame.sink]).toEqual([50, -1]);
  });

  it("refuses arrays of other lengths and a missing scale", () => {
    expect(() => decodeNeuron({ header, arrays: { ...arrays, weights: floats(4) } })).toThrow(
      /"weights".*4 values, not 3/,
    );
    expect(() => decodeNeuron({ header, arrays: { ...arrays, query: floats(3) } })).toThrow(
      /query/,
    );
    expect(() => decodeNeuron({ header: {}, arrays })).toThrow(/"scale"/);
  });
});
