import { visibleText } from "../../draw/tokenText";
import type { TokenList } from "../../state/about";
import { type Section, spanOf } from "./geometry";

/** The places of one matrix's parts, in CSS pixels. */
export interface PlotLayout {
  /** The height of one query and the width of one key. */
  rowHeight: number;
  columnWidth: number;
  /** The size of all cells together. */
  width: number;
  height: number;
  /** Room for the queries at the left, the keys at the top, and beyond the cells at the right. */
  left: number;
  top: number;
  right: number;
  /** The angle of keys that are wider than their column, in degrees; 0 where none is. */
  turn: 0 | 45 | 90;
}

/** Room for the bars of token importance, at the right and below. */
export const BARS = 52;
/** The least distance between the middles of two tokens along an axis, by how they are written. */
export const PITCH = { 0: 13, 45: 20, 90: 13 } as const;

const LARGEST_CELL = 52;
/** Neither side of a picture is smaller than this only because the other side is long. */
const SMALLEST_SIDE = 160;
const LONGEST_LABEL = 108;
const CHARACTER = 7.2;
const WIDE_CHARACTER = 12.5;
const PADDING = 16;
/** The same, of a key that is written across. */
const PADDING_ACROSS = 5;
/** Room for the name of the axis. */
const QUERY_AXIS = 94;
const SLANT = Math.SQRT1_2;

/**
 * The largest square cells with which a section fits the width and the height there is.
 *
 * Cells are no squares if the two sides are very unlike.
 */
export function layoutPlot(
  room: { width: number; height: number },
  section: Section,
  labels: { query: number; key: number },
): PlotLayout {
  const rows = spanOf(section.queries);
  const columns = spanOf(section.keys);
  const left = Math.max(labels.query, QUERY_AXIS);
  const cellsFor = (right: number) => {
    const available = Math.max(40, room.width - left - right);
    const square = Math.min(available / columns, room.height / rows, LARGEST_CELL);
    const side = (count: number, most: number) =>
      Math.max(square * count, Math.min(most, SMALLEST_SIDE, LARGEST_CELL * count));
    return { width: side(columns, available), height: side(rows, room.height) };
  };
  let right = BARS;
  let plot = cellsFor(right);
  const turn = turnOf(plot.width / columns, labels.key);
  if (turn === 45) {
    right = Math.max(BARS, Math.round(labels.key * SLANT));
    plot = cellsFor(right);
  }
  const top = { 0: 22, 45: Math.round(labels.key * SLANT) + 14, 90: labels.key + 6 }[turn];
  const rowHeight = plot.height / rows;
  const columnWidth = plot.width / columns;
  return { rowHeight, columnWidth, ...plot, left, top, right, turn };
}

function turnOf(columnWidth: number, longest: number): PlotLayout["turn"] {
  if (longest <= columnWidth) return 0;
  return columnWidth >= PITCH[45] ? 45 : 90;
}

/** About how wide the longest token of a list is when it is written, up to a limit. */
export function labelWidth({ text }: TokenList): number {
  const longest = text.reduce((most, token) => Math.max(most, PADDING + textWidth(token)), 24);
  return Math.round(Math.min(LONGEST_LABEL, longest));
}

/** The angle of a key: 0 where its column is wide enough, else that of the longest ones. */
export function turnOfLabel(token: string, { turn, columnWidth }: PlotLayout): PlotLayout["turn"] {
  return textWidth(token) + PADDING_ACROSS <= columnWidth ? 0 : turn;
}

function textWidth(token: string): number {
  let width = 0;
  for (const character of visibleText(token)) {
    width += (character.codePointAt(0) ?? 0) < 0x2e80 ? CHARACTER : WIDE_CHARACTER;
    if (width >= LONGEST_LABEL) break;
  }
  return width;
}
