import type { TokenList } from "../../state/about";

/** The places of a column's tokens, in CSS pixels from the column's top. */
export interface ColumnLayout {
  tops: Float32Array;
  heights: Float32Array;
  height: number;
}

const SEGMENT_GAP = 10;
const PADDING = 6;
const LARGEST_ROW = 28;
const SMALLEST_ROW = 22;
/** A higher column scrolls (head.css). */
const VIEWPORT = 560;

/**
 * Few tokens get more room, more of them as much as lets all be seen, down to the smallest row; a
 * piece that continues a word stands closer to what it continues.
 */
export function layoutColumn(tokens: TokenList): ColumnLayout {
  const count = tokens.text.length;
  const fitting = Math.floor((VIEWPORT - 2 * PADDING) / Math.max(1, count));
  const wordHeight = Math.min(LARGEST_ROW, Math.max(SMALLEST_ROW, fitting));
  const continues = new Set(tokens.continues);
  const tops = new Float32Array(count);
  const heights = new Float32Array(count);
  let y = PADDING;
  for (let i = 0; i < count; i++) {
    if (i > 0 && tokens.segments[i] !== tokens.segments[i - 1]) y += SEGMENT_GAP;
    tops[i] = y;
    heights[i] = continues.has(i) || continues.has(i + 1) ? wordHeight - 3 : wordHeight;
    y += heights[i] as number;
  }
  return { tops, heights, height: y + PADDING };
}

export function middleOf(column: ColumnLayout, index: number): number {
  return (column.tops[index] ?? 0) + (column.heights[index] ?? 0) / 2;
}

/**
 * The distance that a column moves down when the picture is scrolled.
 *
 * The longer column scrolls; the shorter one moves so that both ends are reached together, and
 * stays in sight altogether where it fits.
 */
export function columnShift(
  column: ColumnLayout,
  longest: number,
  viewport: number,
  scroll: number,
): number {
  const travel = longest - viewport;
  if (travel <= 0) return 0;
  return (scroll * (longest - Math.max(column.height, viewport))) / travel;
}
