import type { MatrixFrame } from "../../frame/matrix";
import { errorOf } from "../../frame/precision";
import type { MatrixWant } from "../../frame/want";
import { type Range, type Section, spanOf } from "./geometry";

/** A matrix frame and the tokens that its cells are of. */
export interface Cells {
  frame: MatrixFrame;
  covers: Section;
}

/** The tokens of one cell, and the largest value between them. */
export interface Cell {
  queries: Range;
  keys: Range;
  value: number;
}

export function coverOf({ queries, keys }: MatrixWant, whole: Section): Section {
  return { queries: queries ?? whole.queries, keys: keys ?? whole.keys };
}

/** The cell that holds a pair of tokens; null where the frame does not reach. */
export function cellAt({ frame, covers }: Cells, query: number, key: number): Cell | null {
  const row = binOf(query, covers.queries, frame.rows);
  const column = binOf(key, covers.keys, frame.columns);
  if (row < 0 || column < 0) return null;
  return {
    queries: tokensOf(row, covers.queries, frame.rows),
    keys: tokensOf(column, covers.keys, frame.columns),
    value: frame.cells[row * frame.columns + column] as number,
  };
}

/** How far off a cell's value may be; null where that is not known. */
export function errorOfCell(frame: MatrixFrame, { queries, value }: Cell): number | null {
  const errors = Array.from({ length: spanOf(queries) }, (_, at) =>
    errorOf(frame, queries[0] + at, value),
  );
  return errors.reduce((most, error) => (error === null ? most : Math.max(most ?? 0, error)), null);
}

/** Whether every pair of tokens of the frame has a cell of its own. */
export function isExact({ frame, covers }: Cells): boolean {
  return frame.rows >= spanOf(covers.queries) && frame.columns >= spanOf(covers.keys);
}

/** Token i of n falls into bin floor(i · bins / n). */
function binOf(token: number, range: Range, bins: number): number {
  if (token < range[0] || token >= range[1]) return -1;
  return Math.floor(((token - range[0]) * bins) / spanOf(range));
}

function tokensOf(bin: number, range: Range, bins: number): Range {
  const first = (at: number) => Math.ceil((at * spanOf(range)) / bins);
  return [range[0] + first(bin), range[0] + first(bin + 1)];
}
