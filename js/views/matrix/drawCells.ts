import { cell_text } from "../../../attnwidget/shared/colors.json";
import { type ColorTable, cellImage, isLightAt } from "../../draw/colormap";
import { type Scale, stepOf } from "../common/scale";
import { clearMasked } from "./causalMask";
import { type Cells, cellAt, isExact, type Section, spanOf } from "./geometry";
import type { PlotLayout } from "./layout";

/** All that the drawing of one matrix depends on, apart from the pointer. */
export interface Heatmap {
  cells: Cells;
  section: Section;
  layout: PlotLayout;
  colors: ColorTable;
  scale: Scale;
  /** Leave paper where the key is later than the query: the mask forbids it. */
  isCausal: boolean;
}

/** Cells of this size stand apart, and of the other bear their value. */
const GRID_FROM = 16;
const VALUE_HEIGHT = 15;
const VALUE_FONT_SIZE = 10.5;
const DIGIT = 5.9;
/** Smaller values are left to colours and tooltips. */
const MOST_DIGITS = 4;

/** Draws the section's cells; of a frame that covers only part of it, that part. */
export function drawCells(context: CanvasRenderingContext2D, heatmap: Heatmap, font: string): void {
  const { cells, section, layout, colors, scale } = heatmap;
  const { frame, covers } = cells;
  const image = cellImage(context, frame.columns, frame.rows, colors, (cell) =>
    stepOf(scale, frame.cells[cell] as number),
  );
  const perKey = frame.columns / spanOf(covers.keys);
  const perQuery = frame.rows / spanOf(covers.queries);
  const columns = spanOf(section.keys) * perKey;
  const rows = spanOf(section.queries) * perQuery;
  context.imageSmoothingEnabled = columns > layout.width || rows > layout.height;
  context.drawImage(
    image,
    (section.keys[0] - covers.keys[0]) * perKey,
    (section.queries[0] - covers.queries[0]) * perQuery,
    ...[columns, rows],
    ...([0, 0, layout.width, layout.height] as const),
  );
  if (heatmap.isCausal) {
    clearMasked(context, {
      ...{ row: section.queries[0], column: section.keys[0] },
      ...{ rows: spanOf(section.queries), columns: spanOf(section.keys) },
      ...{ width: layout.width, height: layout.height },
    });
  }
  if (Math.min(layout.columnWidth, layout.rowHeight) >= GRID_FROM) drawGrid(context, heatmap);
  drawValues(context, heatmap, font);
}

/** Paper between the cells. */
function drawGrid(context: CanvasRenderingContext2D, { layout, section }: Heatmap): void {
  context.globalCompositeOperation = "destination-out";
  for (let row = 1; row < spanOf(section.queries); row++) {
    context.fillRect(0, row * layout.rowHeight - 0.5, layout.width, 1);
  }
  for (let column = 1; column < spanOf(section.keys); column++) {
    context.fillRect(column * layout.columnWidth - 0.5, 0, 1, layout.height);
  }
  context.globalCompositeOperation = "source-over";
}

/** Writes the values into the cells where there is room for them. */
function drawValues(context: CanvasRenderingContext2D, heatmap: Heatmap, font: string): void {
  const { cells, section, layout, colors, scale } = heatmap;
  const digits = digitsFor(Math.max(scale.high, -scale.low));
  const characters = digits + 1 + (scale.isSigned ? 1 : 0);
  const isWide = layout.columnWidth >= characters * DIGIT + 6;
  if (digits > MOST_DIGITS || !isWide || layout.rowHeight < VALUE_HEIGHT || !isExact(cells)) return;
  context.font = `${VALUE_FONT_SIZE}px ${font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let query = section.queries[0]; query < section.queries[1]; query++) {
    for (let key = section.keys[0]; key < section.keys[1]; key++) {
      const cell = heatmap.isCausal && key > query ? null : cellAt(cells, query, key);
      const text = cell && shortNumber(cell.value, digits);
      if (!cell || !text) continue;
      context.fillStyle = isLightAt(colors, stepOf(scale, cell.value))
        ? cell_text.dark
        : cell_text.light;
      context.fillText(
        text,
        (key - section.keys[0] + 0.5) * layout.columnWidth,
        (query - section.queries[0] + 0.5) * layout.rowHeight + 0.5,
      );
    }
  }
}

/** The digits after the point that show two of the largest value. */
export function digitsFor(largest: number): number {
  return Math.max(2, 1 - Math.floor(Math.log10(largest || 1)));
}

/** ".42", "−.07", "1"; nothing for what would be rounded to zero. */
export function shortNumber(value: number, digits: number): string {
  const rounded = Math.abs(value).toFixed(digits);
  if (Number(rounded) === 0) return "";
  const text = Number(rounded) < 1 ? rounded.slice(1) : `${Number(Number(rounded).toPrecision(2))}`;
  return value < 0 ? `−${text}` : text;
}
