import type { RowsFrame } from "../../frame/rows";
import { coveringCount } from "./coverage";

/** Connections to be drawn. */
export interface Lines {
  count: number;
  /** Position among the frame's heads, not the head's number. */
  head: Uint16Array;
  query: Uint32Array;
  key: Uint32Array;
  weight: Float32Array;
  /** Lines that hold the asked share of each row; more than `count` where there were too many. */
  covering: number;
  /** The largest magnitude among them. */
  top: number;
}

/** Queries and keys whose lines alone are wanted. */
export interface Focus {
  queries: ReadonlySet<number>;
  keys: ReadonlySet<number>;
}

/** The fewest lines that hold `coverage` of each row; of more than `most`, the strongest. */
export function collectLines(
  frame: RowsFrame,
  coverage: number,
  focus: Focus | null,
  most: number,
): Lines {
  const found: number[] = [];
  const { queries, listed, indices, weights } = frame;
  for (let row = 0; row < frame.heads * queries; row++) {
    const whole = !focus || focus.queries.has(row % queries);
    if (!whole && focus.keys.size === 0) continue;
    const end = row * listed + coveringCount(frame, row, coverage);
    for (let at = row * listed; at < end; at++) {
      if (whole || focus.keys.has(indices[at] as number)) found.push(at);
    }
  }
  const kept = found.length > most ? strongest(found, frame, most) : found;
  const rowOf = (at: number) => Math.floor(at / listed);
  const weight = Float32Array.from(kept, (at) => weights[at] as number);
  return {
    count: kept.length,
    head: Uint16Array.from(kept, (at) => Math.floor(rowOf(at) / queries)),
    query: Uint32Array.from(kept, (at) => rowOf(at) % queries),
    key: Uint32Array.from(kept, (at) => indices[at] as number),
    weight,
    covering: found.length,
    top: weight.reduce((top, value) => Math.max(top, Math.abs(value)), 0),
  };
}

/** The number of all connections: the pairs that have a weight. */
export function countAll(frame: RowsFrame, keys: number, causal: boolean): number {
  if (frame.listed >= keys) {
    let count = 0;
    for (const weight of frame.weights) if (weight !== 0) count += 1;
    return count;
  }
  const pairs = causal ? (frame.queries * (frame.queries + 1)) / 2 : frame.queries * keys;
  return frame.heads * Math.max(0, pairs - frame.hidden * frame.queries);
}

const BUCKETS = 8192;

/** The entries of largest magnitude, found by counting instead of sorting. */
function strongest(entries: number[], { weights, scale }: RowsFrame, most: number): number[] {
  const bucketOf = (at: number) =>
    Math.floor(Math.sqrt(Math.min(1, Math.abs(weights[at] as number) / scale)) * (BUCKETS - 1));
  const counts = new Uint32Array(BUCKETS);
  for (const at of entries) counts[bucketOf(at)] = (counts[bucketOf(at)] as number) + 1;
  let floor = BUCKETS;
  let kept = 0;
  while (floor > 0 && kept + (counts[floor - 1] as number) <= most) {
    floor -= 1;
    kept += counts[floor] as number;
  }
  return entries.filter((at) => bucketOf(at) >= floor);
}
