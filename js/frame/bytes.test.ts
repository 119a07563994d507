import { describe, expect, it } from "vitest";
import { arrayOf, decodeFrame, floatsOf } from "./bytes";

interface Entry {
  name: string;
  dtype: string;
  shape: number[];
  offset: number;
}

/** A frame written down byte by byte, `shift` bytes into a larger buffer. */
function frameOf(arrays: Entry[], body: number[], shift = 0, version = 1): DataView {
  const header = new TextEncoder().encode(JSON.stringify({ version, kind: "rows", arrays }));
  const start = Math.ceil((8 + header.length) / 8) * 8;
  const bytes = new Uint8Array(shift + start + body.length + 3);
  bytes.set(new TextEncoder().encode("AWF1"), shift);
  bytes.set([header.length & 255, header.length >> 8, 0, 0], shift + 4);
  bytes.set(header, shift + 8);
  bytes.set(body, shift + start);
  return new DataView(bytes.buffer, shift, start + body.length);
}

/** Arrays begin where the body does; a header of padded numbers keeps its length. */
function single(dtype: string, shape: number[], body: number[], shift = 0): DataView {
  const start = (offset: number) =>
    Math.ceil(
      (8 +
        JSON.stringify({ version: 1, kind: "rows", arrays: [{ name: "a", dtype, shape, offset }] })
          .length) /
        8,
    ) * 8;
  return frameOf([{ name: "a", dtype, shape, offset: start(start(100)) }], body, shift);
}

const values = (view: DataView) => Array.from(decodeFrame(view).arrays.a?.values ?? []);

describe("decodeFrame", () => {
  it("reads every dtype, little-endian", () => {
    expect(values(single("uint8", [3], [1, 2, 255]))).toEqual([1, 2, 255]);
    expect(values(single("uint16", [2], [1, 0, 0, 1]))).toEqual([1, 256]);
    expect(values(single("uint32", [1], [0, 0, 1, 0]))).toEqual([65536]);
    expect(values(single("float32", [1], [0, 0, 0xc0, 0x3f]))).toEqual([1.5]);
    expect(values(single("float16", [1], [0x00, 0x3c]))).toEqual([1]);
  });

  it.each([
    ["largest", [0xff, 0x7b], 65504],
    ["smallest normal", [0x00, 0x04], 2 ** -14],
    ["smallest subnormal", [0x01, 0x00], 2 ** -24],
    ["largest subnormal", [0xff, 0x03], 1023 * 2 ** -24],
    ["a third", [0x55, 0x35], 0.333251953125],
    ["negative two", [0x00, 0xc0], -2],
    ["infinity", [0x00, 0x7c], Number.POSITIVE_INFINITY],
    ["negative infinity", [0x00, 0xfc], Number.NEGATIVE_INFINITY],
    ["not a number", [0x01, 0x7e], Number.NaN],
  ])("widens float16: %s", (_name, bytes, value) => {
    expect(values(single("float16", [1], bytes))).toEqual([value]);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])("respects a byteOffset of %i", (shift) => {
    const body = [0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0];
    expect(values(single("float32", [2], body, shift))).toEqual([1.5, -2]);
    expect(values(single("uint16", [2], [7, 0, 9, 0], shift))).toEqual([7, 9]);
  });

  it("takes a Uint8Array inside a larger buffer too", () => {
    const view = single("uint16", [1], [5, 0], 4);
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    expect(Array.from(decodeFrame(bytes).arrays.a?.values ?? [])).toEqual([5]);
  });

  it("keeps shapes and looks arrays up by name and number of dimensions", () => {
    const raw = decodeFrame(single("float32", [1, 2], [0, 0, 0, 0, 0, 0, 0x80, 0x3f]));
    expect(arrayOf(raw, "a", 2).shape).toEqual([1, 2]);
    expect(() => arrayOf(raw, "a", 1)).toThrow("1 dimensions; found shape (1, 2)");
    expect(() => floatsOf(raw, "b", 1)).toThrow('needs "b"');
  });

  it("says what is wrong with what is no frame", () => {
    expect(() => decodeFrame(new Uint8Array(20))).toThrow("Not a frame");
    expect(() => decodeFrame(new Uint8Array(3))).toThrow("Not a frame");
    expect(() => decodeFrame(frameOf([], [], 0, 2))).toThrow("version 2");
    expect(() => decodeFrame(single("float64", [1], [0, 0, 0, 0, 0, 0, 0, 0]))).toThrow("float64");
    expect(() => decodeFrame(single("uint32", [9], [0, 0, 0, 0]))).toThrow("cut short");
    const whole = single("uint8", [1], [1]);
    expect(() => decodeFrame(new DataView(whole.buffer, 0, 20))).toThrow("cut short");
  });
});
