import { floatsOf, inUnit, type RawFrame } from "./bytes";
import type { Precise } from "./precision";

export interface Connection {
  query: number;
  key: number;
  value: number;
}

/** One matrix of scores, or the difference of two, as much of it as was asked for. */
export interface MatrixFrame extends Precise {
  kind: "matrix";
  /** Cells from top to bottom: queries, pooled when there are more than was asked for. */
  rows: number;
  /** Cells from left to right: keys. */
  columns: number;
  /** (rows, columns), flat, C order: the value of largest magnitude that each covers. */
  cells: Float32Array;
  /** Mean of each column of the whole matrix, one per key. */
  incoming: Float32Array;
  /** Mean of each row of the whole matrix, one per query. */
  outgoing: Float32Array;
  /** The strongest connections off the diagonal of the whole matrix, strongest first. */
  critical: Connection[];
  /** Smallest and largest value of the whole matrix. */
  low: number;
  high: number;
}

export function decodeMatrix(raw: RawFrame): MatrixFrame {
  const cells = floatsOf(raw, "cells", 2);
  const [rows = 0, columns = 0] = cells.shape;
  const { low, high, unit } = raw.header as { low?: unknown; high?: unknown; unit?: number };
  if (typeof low !== "number" || typeof high !== "number") {
    throw new Error('A matrix frame states its "low" and its "high".');
  }
  return {
    kind: "matrix",
    rows,
    columns,
    cells: inUnit(cells.values, unit),
    incoming: floatsOf(raw, "incoming", 1).values,
    outgoing: floatsOf(raw, "outgoing", 1).values,
    critical: connections(floatsOf(raw, "critical", 2)),
    low,
    high,
  };
}

function connections({ shape, values }: { shape: number[]; values: Float32Array }): Connection[] {
  const [fields = 0, count = 0] = shape;
  if (fields !== 3) {
    throw new Error(`"critical" of a matrix frame has 3 rows: query, key, value; not ${fields}.`);
  }
  return Array.from({ length: count }, (_, at) => ({
    query: values[at] as number,
    key: values[count + at] as number,
    value: values[2 * count + at] as number,
  }));
}
