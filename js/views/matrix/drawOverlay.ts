import { cell_text } from "../../../attnwidget/shared/colors.json";
import { pinsOn } from "../../state/pins";
import type { TokenRef } from "../../state/selection";
import { type Range, type Section, spanOf } from "./geometry";
import type { HoverTarget } from "./hoverTarget";
import type { PlotLayout } from "./layout";

/** CSS pixels from the corner of the cells. */
export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Marks {
  section: Section;
  layout: PlotLayout;
  pins: TokenRef[];
  hovered: HoverTarget | null;
  /** The part that is being dragged over. */
  drag: Rectangle | null;
  /** The colour of pins; a border tells it from light and from dark cells. */
  accent: string;
  /** Most cells are light. */
  isLight: boolean;
}

/** Draws pinned rows and columns, the crosshair and the dragged part over the cells. */
export function drawOverlay(context: CanvasRenderingContext2D, marks: Marks): void {
  const { section, layout, pins, hovered, drag, accent, isLight } = marks;
  const line = isLight ? cell_text.dark : cell_text.light;
  const across = { start: section.queries[0], size: layout.rowHeight };
  const down = { start: section.keys[0], size: layout.columnWidth };
  const strip = (queries: Range | null, keys: Range | null): Box => {
    const [top, height] = queries ? extent(queries, across) : [0, layout.height];
    const [left, width] = keys ? extent(keys, down) : [0, layout.width];
    return [left, top, width, height];
  };
  const one = (index: number): Range => [index, index + 1];
  const rows = pinsOn(pins, "query").map(one);
  const columns = pinsOn(pins, "key").map(one);
  for (const queries of rows) outline(context, strip(queries, null), accent, 1.5);
  for (const keys of columns) outline(context, strip(null, keys), accent, 1.5);
  for (const queries of rows) {
    for (const keys of columns) outline(context, strip(queries, keys), accent, 3);
  }
  if (hovered && !drag) {
    if (hovered.queries) outline(context, strip(hovered.queries, null), line, 1);
    if (hovered.keys) outline(context, strip(null, hovered.keys), line, 1);
    if (hovered.queries && hovered.keys)
      outline(context, strip(hovered.queries, hovered.keys), line, 2);
  }
  if (drag) outline(context, [drag.x, drag.y, drag.width, drag.height], line, 1.5);
}

type Box = [left: number, top: number, width: number, height: number];

function extent(range: Range, axis: { start: number; size: number }): [number, number] {
  return [(range[0] - axis.start) * axis.size, spanOf(range) * axis.size];
}

/** A line with a border, seen on every colour. */
function outline(context: CanvasRenderingContext2D, box: Box, color: string, width: number): void {
  const grow = Math.max(0, (3 - Math.min(box[2], box[3])) / 2);
  const grown: Box = [box[0] - grow, box[1] - grow, box[2] + 2 * grow, box[3] + 2 * grow];
  context.strokeStyle = color === cell_text.dark ? "rgb(255 255 255 / 60%)" : "rgb(0 0 0 / 45%)";
  context.lineWidth = width + 2;
  context.strokeRect(...grown);
  context.strokeStyle = color;
  context.lineWidth = width;
  context.strokeRect(...grown);
}
