/** Tokens, sections and cells of a matrix. */

import type { MatrixFrame } from "../../frame/matrix";
import { errorOf } from "../../frame/precision";
import type { MatrixWant } from "../../frame/want";
import type { StreamAbout } from "../../state/about";

/** A stretch of tokens; what is zoomed into, and what is asked for of a long input. */
export type Range = readonly [start: number, stop: number];

/** A part of a matrix. */
export interface Section {
  queries: Range;
  keys: Range;
}

/** Zooming stops at this many tokens. */
const FEWEST = 4;

/** The numbers of queries and keys of a stream. */
export function countsOf({ queries, keys }: StreamAbout): { query: number; key: number } {
  return { query: queries.text.length, key: (keys ?? queries).text.length };
}

/** The section that is all of a stream's matrix. */
export function wholeOf(stream: StreamAbout): Section {
  const counts = countsOf(stream);
  return { queries: [0, counts.query], keys: [0, counts.key] };
}

export function spanOf([start, stop]: Range): number {
  return stop - start;
}

/** A range of whole tokens within 0 to `count`, moved rather than cut where it reaches beyond. */
export function rangeAt(start: number, span: number, count: number): Range {
  const whole = Math.min(count, Math.max(Math.min(FEWEST, count), Math.round(span)));
  const first = Math.min(Math.max(0, Math.round(start)), count - whole);
  return [first, first + whole];
}

/** The range enlarged by `factor` (below 1: zoomed in), the token at `at` staying where it is. */
export function zoom(range: Range, factor: number, at: number, count: number): Range {
  const span = spanOf(range);
  // Rounding must not keep a small range from growing or shrinking.
  const wanted = factor < 1 ? Math.floor(span * factor) : Math.ceil(span * factor);
  const share = (at - range[0]) / span;
  return rangeAt(at - share * wanted, wanted, count);
}

export function pan(range: Range, by: number, count: number): Range {
  return rangeAt(range[0] + by, spanOf(range), count);
}

/** The range moved as little as possible so that it holds a token. */
export function including(range: Range, index: number, count: number): Range {
  if (index < range[0]) return pan(range, index - range[0], count);
  if (index >= range[1]) return pan(range, index + 1 - range[1], count);
  return range;
}

export function isWhole({ queries, keys }: Section, whole: Section): boolean {
  return spanOf(queries) === spanOf(whole.queries) && spanOf(keys) === spanOf(whole.keys);
}

/**
 * The tokens to ask the kernel for, so that a range is seen in `size` cells; null for all tokens.
 *
 * A tile reaches somewhat beyond the range and starts at round numbers, so that moving on asks for
 * few; but never so far that its cells would have to be pooled where those of the range would not.
 */
export function tileOf(range: Range, count: number, size: number): [number, number] | null {
  const span = spanOf(range);
  if (count <= size || span === count) return null;
  const step = 2 ** Math.max(0, Math.floor(Math.log2(span / 4)));
  const start = Math.floor(range[0] / step) * step;
  const stop = Math.min(count, Math.ceil(range[1] / step) * step);
  return span <= size && stop - start > size ? [range[0], range[1]] : [start, stop];
}

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

/** The largest error of a cell's value; null where it is not known. */
export function errorOfCell(frame: MatrixFrame, { queries, value }: Cell): number | null {
  const errors = Array.from({ length: spanOf(queries) }, (_, at) =>
    errorOf(frame, queries[0] + at, value),
  );
  return errors.reduce((most, error) => (error === null ? most : Math.max(most ?? 0, error)), null);
}

/** True where every pair of tokens of the frame has a cell of its own. */
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
