import { arrangeColumns, type Columns } from "./columns";
import type { Nodes } from "./nodes";

/** The places of the nodes, in CSS pixels from the corner of the scrolled content. */
export interface Layout extends Columns {
  /** The nodes that are shown, left to right. */
  shown: number[];
  /** The middle of each of them. */
  centers: Float32Array;
  /** For every node its place among those shown, -1 where it is hidden. */
  placeOf: Int32Array;
  levels: number;
  rowPitch: number;
  width: number;
  /** The height of the levels, without the labels above and the bars below. */
  height: number;
  /** Middle of the gap before the source tokens, where both kinds are shown. */
  splitAt: number | null;
}

/** Room at the left for the names of the levels. */
export const GUTTER = 84;
/** Height of the bars under the inputs. */
export const BAR = 46;
/** Above the highest and below the lowest level. */
export const MARGIN = 16;
/** The largest height of the view; a smaller window scrolls. */
const MOST_HEIGHT = 560;
const SPLIT_GAP = 30;
const KIND = 18;
const ROW = { least: 30, most: 74 } as const;

export interface Extent {
  width: number;
  levels: number;
}

/** Spreads nodes over the width there is; what does not fit is scrolled to. */
export function layoutNodes(nodes: Nodes, shown: number[], { width, levels }: Extent): Layout {
  const { split, tokens } = nodes;
  const gap = split !== null && shown.some((index) => index >= split) ? SPLIT_GAP : 0;
  const room = width - GUTTER - gap;
  const texts = shown.map((index) => tokens.text[index] ?? "");
  const columns = arrangeColumns(texts, room);
  const { pitch, margin, labelHeight } = columns;
  const used = pitch * shown.length + gap + 2 * margin;
  const left = GUTTER + margin + Math.max(0, (width - GUTTER - used) / 2);
  const centers = new Float32Array(shown.length);
  const placeOf = new Int32Array(tokens.text.length).fill(-1);
  let splitAt: number | null = null;
  shown.forEach((index, place) => {
    const isAfterGap = gap > 0 && split !== null && index >= split;
    if (isAfterGap && splitAt === null && place > 0) splitAt = left + place * pitch + gap / 2;
    centers[place] = left + (place + 0.5) * pitch + (isAfterGap ? gap : 0);
    placeOf[index] = place;
  });
  const heightLeft = MOST_HEIGHT - 2 * labelHeight - BAR - 2 * MARGIN;
  const rowPitch = Math.min(ROW.most, Math.max(ROW.least, heightLeft / (levels - 1)));
  return {
    ...columns,
    ...{ shown, centers, placeOf, levels, rowPitch, splitAt },
    width: Math.max(width, used + GUTTER),
    height: (levels - 1) * rowPitch + 2 * MARGIN,
  };
}

/** Height of the labels above the levels, and over them what kinds of tokens they are. */
export function topHeight({ labelHeight, splitAt }: Layout): number {
  return labelHeight + (splitAt === null ? 0 : KIND);
}

/** Height of a level; the inputs are at the bottom. */
export function levelY(layout: Layout, level: number): number {
  return MARGIN + (layout.levels - 1 - level) * layout.rowPitch;
}

/** The horizontal place of a node; null where it is hidden. */
export function nodeX(layout: Layout, index: number): number | null {
  const place = layout.placeOf[index] ?? -1;
  return place < 0 ? null : (layout.centers[place] as number);
}

/** The shown node nearest to a place from left to right; -1 when none is shown. */
export function nearestPlace(layout: Layout, x: number): number {
  const { centers } = layout;
  let low = 0;
  let high = centers.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const between = ((centers[middle] as number) + (centers[middle + 1] as number)) / 2;
    if (x <= between) high = middle;
    else low = middle + 1;
  }
  return high < 0 ? -1 : low;
}

/** Radius of a node. */
export function radiusOf({ pitch, rowPitch }: Layout): number {
  return Math.max(4, Math.min(8, pitch * 0.24, rowPitch * 0.17));
}
