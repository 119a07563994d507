import type { RowsFrame } from "./rows";
import type { RowsWant } from "./want";

/** The bytes of a rows frame, as `decode` reads them and the kernel writes them. */
export function encodeRows(want: RowsWant, frame: RowsFrame): Uint8Array<ArrayBuffer> {
  const { heads, queries, listed } = frame;
  const indices = frame.indices;
  const unit = unitOf(frame.weights, frame.rest);
  const arrays = [
    { name: "indices", dtype: `uint${indices.BYTES_PER_ELEMENT * 8}`, values: indices },
    { name: "weights", dtype: "float16", values: narrow(frame.weights, unit) },
    { name: "rest", dtype: "float16", values: narrow(frame.rest, unit) },
    { name: "received", dtype: "float32", values: frame.received },
  ];
  const shapes = [
    [heads, queries, listed],
    [heads, queries, listed],
    [heads, queries],
    [heads, frame.received.length / heads],
  ];
  const offsets = arrays.map(() => 0);
  const header = () =>
    new TextEncoder().encode(
      JSON.stringify({
        version: 1,
        kind: "rows",
        want,
        arrays: arrays.map(({ name, dtype }, i) => ({
          ...{ name, dtype, shape: shapes[i] },
          offset: offsets[i],
        })),
        scale: frame.scale,
        hidden: frame.hidden,
        hidden_mass: frame.hiddenMass,
        unit,
      }),
    );
  // Offsets are part of the header and move with its length: reserve room for their digits.
  let end = roundUp(8 + header().length + 64);
  arrays.forEach(({ values }, i) => {
    offsets[i] = end;
    end = roundUp(end + values.byteLength);
  });
  const bytes = new Uint8Array(end);
  const text = header();
  bytes.set(new TextEncoder().encode("AWF1"));
  new DataView(bytes.buffer).setUint32(4, text.length, true);
  bytes.set(text, 8);
  arrays.forEach(({ values }, i) => {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offsets[i]);
  });
  return bytes;
}

const roundUp = (offset: number) => Math.ceil(offset / 8) * 8;

/** The sizes of a largest value between which float16 needs no unit: frames/halves.py. */
const [SMALLEST, LARGEST] = [2 ** -6, 2 ** 15];

/** A power of two in which float16 holds the values: 1 unless they are very small or very large. */
function unitOf(...arrays: Float32Array[]): number {
  let most = 0;
  for (const values of arrays) {
    for (const value of values) most = Math.max(most, Math.abs(value));
  }
  if (most === 0 || (most >= SMALLEST && most <= LARGEST)) return 1;
  return 2 ** (Math.floor(Math.log2(most)) - 14);
}

/** Float16 bits of values in a unit; exact for what came as float16, else rounded to nearest. */
function narrow(values: Float32Array, unit: number): Uint16Array {
  return Uint16Array.from(values, (value) => {
    const size = Math.abs(value) / unit;
    const sign = value < 0 ? 0x8000 : 0;
    if (size < 2 ** -14) return sign + Math.round(size * 2 ** 24);
    const exponent = Math.floor(Math.log2(size));
    return sign + ((exponent + 15) << 10) + Math.round((size / 2 ** exponent - 1) * 1024);
  });
}
