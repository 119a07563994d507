/** The container every Frame comes in; its layout is written down in docs/developing/wire-format.md. */

const MAGIC = "AWF1";
const PREFIX = 8;

export type Values = Uint8Array | Uint16Array | Uint32Array | Float32Array;

export interface FrameArray {
  dtype: string;
  shape: number[];
  /** Flat, C order; float16 is widened to float32. */
  values: Values;
}

export interface RawFrame {
  header: Record<string, unknown>;
  arrays: Record<string, FrameArray>;
}

interface ArrayEntry {
  name: string;
  dtype: string;
  shape: number[];
  offset: number;
}

type Reader = (buffer: ArrayBufferLike, byteOffset: number, length: number) => Values;

const READERS: Record<string, { size: number; read: Reader }> = {
  uint8: { size: 1, read: (buffer, offset, length) => new Uint8Array(buffer, offset, length) },
  uint16: { size: 2, read: (buffer, offset, length) => new Uint16Array(buffer, offset, length) },
  uint32: { size: 4, read: (buffer, offset, length) => new Uint32Array(buffer, offset, length) },
  float32: { size: 4, read: (buffer, offset, length) => new Float32Array(buffer, offset, length) },
  float16: {
    size: 2,
    read: (buffer, offset, length) => widen(new Uint16Array(buffer, offset, length)),
  },
};

/** True where bytes begin like those of a Frame. */
export function isFrame(data: DataView | Uint8Array): boolean {
  const start = new Uint8Array(data.buffer, data.byteOffset, Math.min(data.byteLength, 4));
  return data.byteLength >= PREFIX && new TextDecoder().decode(start) === MAGIC;
}

/**
 * Split a Frame's bytes into its header and its arrays.
 *
 * Arrays are views of the given bytes where their alignment allows it, copies otherwise.
 *
 * @throws {Error} when the bytes are no Frame of a version this front end knows, or are cut short.
 */
export function decodeFrame(data: DataView | Uint8Array): RawFrame {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const text = new TextDecoder();
  if (!isFrame(bytes)) {
    throw new Error(`Not a frame: expected ${MAGIC} at the start of ${bytes.length} bytes.`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerEnd = PREFIX + view.getUint32(4, true);
  if (headerEnd > bytes.length) throw new Error("The frame is cut short inside its header.");
  const header: unknown = JSON.parse(text.decode(bytes.subarray(PREFIX, headerEnd)));
  assertHeader(header);
  const arrays: Record<string, FrameArray> = {};
  for (const entry of header.arrays) arrays[entry.name] = readArray(bytes, entry);
  return { header, arrays };
}

/** The named array of a frame, checked for its number of dimensions. */
export function arrayOf(frame: RawFrame, name: string, dimensions: number): FrameArray {
  const array = frame.arrays[name];
  if (array?.shape.length !== dimensions) {
    const found = array ? `shape (${array.shape.join(", ")})` : "nothing";
    throw new Error(
      `A ${String(frame.header.kind)} frame needs "${name}" with ${dimensions} dimensions; found ${found}.`,
    );
  }
  return array;
}

/** The same, for arrays of floats. */
export function floatsOf(
  frame: RawFrame,
  name: string,
  dimensions: number,
): { shape: number[]; values: Float32Array } {
  const { shape, values, dtype } = arrayOf(frame, name, dimensions);
  if (!(values instanceof Float32Array)) {
    throw new Error(`"${name}" should hold floats; it is ${dtype}.`);
  }
  return { shape, values };
}

/** Values times the unit that the header names; frames of 0.1.0 name none. */
export function inUnit(values: Float32Array, unit = 1): Float32Array {
  return unit === 1 ? values : values.map((value) => value * unit);
}

function readArray(bytes: Uint8Array, { name, dtype, shape, offset }: ArrayEntry): FrameArray {
  const reader = READERS[dtype];
  if (!reader) throw new Error(`The frame's array "${name}" has the unknown dtype ${dtype}.`);
  const length = shape.reduce((product, extent) => product * extent, 1);
  const end = offset + length * reader.size;
  if (end > bytes.length) throw new Error(`The frame is cut short inside its array "${name}".`);
  const start = bytes.byteOffset + offset;
  const values =
    start % reader.size === 0
      ? reader.read(bytes.buffer, start, length)
      : reader.read(bytes.slice(offset, end).buffer, 0, length);
  return { dtype, shape, values };
}

function assertHeader(
  header: unknown,
): asserts header is { version: 1; kind: string; arrays: ArrayEntry[] } {
  const { version, arrays } = (header ?? {}) as { version?: unknown; arrays?: unknown };
  if (version !== 1) {
    throw new Error(
      `The frame has version ${String(version)}, this front end reads version 1: install the same attnwidget in the kernel and in the notebook, and reload the page.`,
    );
  }
  if (!Array.isArray(arrays)) throw new Error("The frame's header lists no arrays.");
}

let float16Table: Float32Array | undefined;

function widen(halves: Uint16Array): Float32Array {
  float16Table ??= buildFloat16Table();
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    values[i] = float16Table[halves[i] as number] as number;
  }
  return values;
}

/** Every float16 by its bits: sign, 5 bits of exponent (biased by 15), 10 bits of fraction. */
function buildFloat16Table(): Float32Array {
  const table = new Float32Array(1 << 16);
  for (let bits = 0; bits < table.length; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 0) table[bits] = sign * fraction * 2 ** -24;
    else if (exponent === 31) table[bits] = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    else table[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return table;
}
