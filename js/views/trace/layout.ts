import type { Nodes } from "./nodes";

/** Where the nodes lie, in CSS pixels from the corner of what scrolls. */
export interface Layout {
  /** The nodes that are shown, left to right. */
  shown: number[];
  /** Where each of them stands. */
  centers: Float32Array;
  /** For every node its place among those shown, -1 where it is hidden. */
  placeOf: Int32Array;
  /** Room of one token. */
  pitch: number;
  /** Labels do not fit beside each other: they are written aslant. */
  aslant: boolean;
  labelHeight: number;
  levels: number;
  rowPitch: number;
  width: number;
  /** Of the levels, without what stands above and below them. */
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
/** What the view is high at most; narrower windows scroll. */
const MOST_HEIGHT = 560;
const SPLIT_GAP = 30;
const LINE = 24;
const KIND = 18;
/** Labels lean by this angle where they do not fit beside each other; as in trace.css. */
const LEAN = (55 * Math.PI) / 180;
const ROW = { least: 30, most: 74 } as const;
const COLUMN = { least: 20, most: 132 } as const;
/** Labels that need no more room than this always stand upright. */
const NARROW = 32;
const CHARACTER = 7.4;
const WIDEST_LABEL = 88;

export interface Extent {
  width: number;
  levels: number;
}

/** Spreads nodes over the width there is; what does not fit is scrolled to. */
export function layoutNodes(nodes: Nodes, shown: number[], { width, levels }: Extent): Layout {
  const { split, tokens } = nodes;
  const gap = split !== null && shown.some((index) => index >= split) ? SPLIT_GAP : 0;
  const room = width - GUTTER - gap;
  const widths = shown.map((index) => labelWidth(tokens, index));
  const longest = Math.max(...widths, 0);
  const needs = widths.map((own, i) => (own + (widths[i + 1] ?? widths[i - 1] ?? own)) / 2);
  const widest = Math.max(COLUMN.least, ...needs);
  // Of single characters the few longer tokens among them are cut short.
  const usual = Math.max(
    COLUMN.least,
    needs.sort((a, b) => a - b)[Math.floor(0.9 * (needs.length - 1))] ?? 0,
  );
  const fits = widest * shown.length <= room;
  const aslant = !fits && usual > NARROW;
  const lean = aslant ? longest * Math.cos(LEAN) : 0;
  const spread = (room - 2 * lean) / Math.max(1, shown.length);
  const pitch = Math.min(
    COLUMN.most,
    Math.max(aslant ? COLUMN.least : fits ? widest : usual, spread),
  );
  const used = pitch * shown.length + gap + 2 * lean;
  const left = GUTTER + lean + Math.max(0, (width - GUTTER - used) / 2);
  const centers = new Float32Array(shown.length);
  const placeOf = new Int32Array(tokens.text.length).fill(-1);
  let splitAt: number | null = null;
  shown.forEach((index, place) => {
    const isAfterGap = gap > 0 && split !== null && index >= split;
    if (isAfterGap && splitAt === null && place > 0) splitAt = left + place * pitch + gap / 2;
    centers[place] = left + (place + 0.5) * pitch + (isAfterGap ? gap : 0);
    placeOf[index] = place;
  });
  const labelHeight = aslant ? Math.ceil(longest * Math.sin(LEAN)) + 10 : LINE;
  const heightLeft = MOST_HEIGHT - 2 * labelHeight - BAR - 2 * MARGIN;
  const rowPitch = Math.min(ROW.most, Math.max(ROW.least, heightLeft / (levels - 1)));
  return {
    ...{ shown, centers, placeOf, pitch, aslant, labelHeight, levels, rowPitch, splitAt },
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

/** Where a node stands from left to right; null where it is hidden. */
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

function labelWidth({ text }: Nodes["tokens"], index: number): number {
  return Math.min(WIDEST_LABEL, (text[index] ?? "").length * CHARACTER + 8);
}
