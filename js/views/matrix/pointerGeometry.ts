import type { Rectangle } from "./drawOverlay";
import { type Cells, cellAt, pan, rangeAt, type Section, spanOf, zoom } from "./geometry";
import type { HoverTarget } from "./hoverTarget";
import type { PlotLayout } from "./layout";

const WHEEL_FACTOR = 1.2;

/** CSS pixels from the corner of the cells. */
export interface Point {
  x: number;
  y: number;
}

/** The matrix of a plot, and the place of its section on the screen. */
export interface PlotPlace {
  cells: Cells | null;
  section: Section;
  layout: PlotLayout;
  counts: { query: number; key: number };
}

/** The query and the key at a point; beyond the cells as if the section went on. */
export function tokensAt({ section, layout }: PlotPlace, { x, y }: Point) {
  return {
    query: section.queries[0] + Math.floor(y / layout.rowHeight),
    key: section.keys[0] + Math.floor(x / layout.columnWidth),
  };
}

/** The cell at a point, or the token whose bar is there. */
export function targetAt(
  plot: PlotPlace,
  point: Point,
): Pick<HoverTarget, "queries" | "keys"> | null {
  const { cells, layout } = plot;
  const { query, key } = tokensAt(plot, point);
  const isAcross = point.x >= 0 && point.x < layout.width;
  const isDown = point.y >= 0 && point.y < layout.height;
  if (isAcross && isDown) return cells && cellAt(cells, query, key);
  if (isDown && point.x > 0) return { queries: [query, query + 1], keys: null };
  if (isAcross && point.y > 0) return { queries: null, keys: [key, key + 1] };
  return null;
}

/** The part of the cells between two points, of which either may lie beyond them. */
export function rectangleBetween({ layout }: PlotPlace, from: Point, to: Point): Rectangle {
  const inside = (value: number, most: number) => Math.min(Math.max(0, value), most);
  const [left, right] = [inside(from.x, layout.width), inside(to.x, layout.width)];
  const [top, bottom] = [inside(from.y, layout.height), inside(to.y, layout.height)];
  return {
    ...{ x: Math.min(left, right), width: Math.abs(right - left) },
    ...{ y: Math.min(top, bottom), height: Math.abs(bottom - top) },
  };
}

/** The section of the tokens that a rectangle touches. */
export function sectionIn(plot: PlotPlace, { x, y, width, height }: Rectangle): Section {
  const { section, layout, counts } = plot;
  const first = tokensAt(plot, { x, y });
  const columns = Math.ceil((x + width) / layout.columnWidth) + section.keys[0] - first.key;
  const rows = Math.ceil((y + height) / layout.rowHeight) + section.queries[0] - first.query;
  return {
    queries: rangeAt(first.query, rows, counts.query),
    keys: rangeAt(first.key, columns, counts.key),
  };
}

/** The section after the wheel has zoomed at a point. */
export function zoomedByWheel(plot: PlotPlace, event: WheelEvent, point: Point): Section {
  const { section, counts } = plot;
  const at = tokensAt(plot, point);
  const factor = event.deltaY > 0 ? WHEEL_FACTOR : 1 / WHEEL_FACTOR;
  return {
    queries: zoom(section.queries, factor, at.query, counts.query),
    keys: zoom(section.keys, factor, at.key, counts.key),
  };
}

/** The section after the wheel has moved it; null at the end of the matrix. */
export function movedByWheel(plot: PlotPlace, event: WheelEvent): Section | null {
  const { section, layout, counts } = plot;
  const { queries, keys } = section;
  const [across, down] = event.shiftKey
    ? [event.deltaY, event.deltaX]
    : [event.deltaX, event.deltaY];
  const steps = (pixels: number, span: number, length: number) =>
    Math.sign(pixels) * Math.ceil((Math.abs(pixels) / length) * span * 0.5);
  const next = {
    queries: pan(queries, steps(down, spanOf(queries), layout.height), counts.query),
    keys: pan(keys, steps(across, spanOf(keys), layout.width), counts.key),
  };
  return next.queries[0] === queries[0] && next.keys[0] === keys[0] ? null : next;
}
