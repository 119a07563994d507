import { rows } from "../../attnwidget/shared/limits.json";
import { arrayOf, floatsOf, inUnit, type RawFrame } from "./bytes";
import type { Precise } from "./precision";

/** Keys by falling magnitude of their weight, for every head and query. Arrays are flat, C order. */
export interface RowsFrame extends Precise {
  kind: "rows";
  heads: number;
  queries: number;
  /** Entries listed per row. */
  listed: number;
  indices: Uint8Array | Uint16Array | Uint32Array;
  weights: Float32Array;
  /** (heads, queries): the mass of the keys that are not listed, the sum of their magnitudes. */
  rest: Float32Array;
  /** (heads, keys): each key's mean weight over the queries that have a row, listed or not. */
  received: Float32Array;
  /** The magnitude that is drawn at full strength: 1 for shares, else the largest there is. */
  scale: number;
  /** Number of keys that are left out. */
  hidden: number;
  /** Mean share of a row's mass on them before renormalising, one per head. */
  hiddenMass: number[];
}

/** The number of keys listed of each row. */
export function listedKeys(isFull: boolean, keys: number): number {
  return isFull || keys <= rows.listed_in_full ? keys : rows.listed;
}

export function decodeRows(raw: RawFrame): RowsFrame {
  const { shape, values } = floatsOf(raw, "weights", 3);
  const [heads = 0, queries = 0, listed = 0] = shape;
  const indices = arrayOf(raw, "indices", 3);
  const rest = floatsOf(raw, "rest", 2);
  if (indices.values instanceof Float32Array || indices.values.length !== values.length) {
    throw new Error('In a rows frame "indices" are integers, as many as there are weights.');
  }
  const received = floatsOf(raw, "received", 2);
  const { hidden, hidden_mass, scale, unit } = raw.header as {
    hidden?: number;
    hidden_mass?: number[];
    scale?: number;
    unit?: number;
  };
  return {
    kind: "rows",
    heads,
    queries,
    listed,
    indices: indices.values,
    weights: inUnit(values, unit),
    rest: inUnit(rest.values, unit),
    received: received.values,
    scale: scale || 1,
    hidden: hidden ?? 0,
    hiddenMass: hidden_mass ?? [],
  };
}

/** One frame per head; they share the memory of the whole. */
export function splitHeads(frame: RowsFrame): RowsFrame[] {
  const { heads, queries, listed } = frame;
  const row = queries * listed;
  const keys = frame.received.length / heads;
  return Array.from({ length: heads }, (_, head) => ({
    ...frame,
    heads: 1,
    indices: frame.indices.subarray(head * row, (head + 1) * row),
    weights: frame.weights.subarray(head * row, (head + 1) * row),
    rest: frame.rest.subarray(head * queries, (head + 1) * queries),
    ...(frame.floors && { floors: frame.floors.subarray(head * queries, (head + 1) * queries) }),
    received: frame.received.subarray(head * keys, (head + 1) * keys),
    hiddenMass: frame.hiddenMass.slice(head, head + 1),
  }));
}

/** The inverse of `splitHeads`, for frames of one layer in any order of heads. */
export function joinHeads(frames: RowsFrame[]): RowsFrame {
  const first = frames[0];
  if (!first) throw new Error("There is nothing to join: give at least one frame.");
  if (frames.length === 1) return first;
  const row = first.queries * first.listed;
  const indices = new Uint32Array(frames.length * row);
  const weights = new Float32Array(frames.length * row);
  const rest = new Float32Array(frames.length * first.queries);
  const received = new Float32Array(frames.length * first.received.length);
  const floors = first.floors && new Float32Array(frames.length * first.queries);
  frames.forEach((frame, head) => {
    indices.set(frame.indices, head * row);
    weights.set(frame.weights, head * row);
    rest.set(frame.rest, head * first.queries);
    floors?.set(frame.floors ?? [], head * first.queries);
    received.set(frame.received, head * first.received.length);
  });
  const hiddenMass = frames.flatMap((frame) => frame.hiddenMass);
  const scale = Math.max(...frames.map((frame) => frame.scale));
  return {
    ...{ ...first, heads: frames.length, indices, weights, rest, received, scale, hiddenMass },
    ...(floors && { floors }),
  };
}
