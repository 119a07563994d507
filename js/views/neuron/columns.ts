import type { NeuronFrame } from "../../frame/neuron";
import type { TokenList } from "../../state/about";

/** Columns of the table; lengths in CSS pixels. */
export interface Columns {
  token: number;
  /** Strips of vector elements; null while they are folded away. */
  strips: { cell: number; width: number; keyLeft: number; productLeft: number } | null;
  /** The width of each column of scores. */
  score: number;
  scores: ScoreColumn[];
  softmax: number;
  width: number;
}

export interface ScoreColumn {
  name: "score" | "soft cap" | "bias";
  values: Float32Array;
}

const TOKEN = { narrowest: 72, widest: 140, character: 7.2, padding: 20 } as const;
const SCORE = 84;
const SOFTMAX = { narrowest: 124, widest: 360 } as const;
const CELL = { narrowest: 1, widest: 10 } as const;
const NARROWEST_STRIP = 84;
/** Heights in CSS pixels: of a key's row, and of the strips in it. */
export const ROW = 24;
export const STRIP = 16;
/** Between columns. */
export const SPACE = 16;

/** Shares the width: strips get whole pixels a cell where there are enough, the softmax the rest. */
export function layoutColumns(
  width: number,
  frame: NeuronFrame,
  tokens: TokenList,
  isExpanded: boolean,
): Columns {
  const longest = tokens.text.reduce((most, text) => Math.max(most, text.length), 0);
  const token = clamp(longest * TOKEN.character + TOKEN.padding, TOKEN.narrowest, TOKEN.widest);
  const scores = scoreColumns(frame);
  const fixed = token + SPACE + scores.length * SCORE;
  const strips = isExpanded ? layoutStrips(width - fixed, token, frame.dimensions) : null;
  const used = fixed + (strips ? 2 * (strips.width + SPACE) : 0);
  const softmax = clamp(width - used, SOFTMAX.narrowest, SOFTMAX.widest);
  return { token, strips, score: SCORE, scores, softmax, width: used + softmax };
}

/** The column under a distance from the left end of the strips' cells: a dimension, or null. */
export function dimensionAt(
  x: number,
  { cell, width }: { cell: number; width: number },
): number | null {
  return x >= 0 && x < width ? Math.floor(x / cell) : null;
}

function scoreColumns(frame: NeuronFrame): ScoreColumn[] {
  const columns: ScoreColumn[] = [{ name: "score", values: frame.scaled }];
  if (frame.capped) columns.push({ name: "soft cap", values: frame.capped });
  if (frame.bias) columns.push({ name: "bias", values: frame.bias });
  return columns;
}

function layoutStrips(width: number, token: number, dimensions: number) {
  const room = (width - SOFTMAX.narrowest - 2 * SPACE) / 2 / dimensions;
  const narrowest = Math.max(CELL.narrowest, NARROWEST_STRIP / dimensions);
  const cell = clamp(room >= 4 ? Math.floor(room) : room, narrowest, CELL.widest);
  const keyLeft = token + SPACE;
  const stripWidth = cell * dimensions;
  return { cell, width: stripWidth, keyLeft, productLeft: keyLeft + stripWidth + SPACE };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
