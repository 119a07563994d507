import { neuron_view } from "../../../attnwidget/shared/limits.json";
import { type ColorTable, cellImage, STEPS } from "../../draw/colormap";

const MIDDLE = (STEPS - 1) / 2;

/** The place of strips: one under the other, `height` tall every `pitch`. */
export interface StripPlace {
  left: number;
  top: number;
  width: number;
  height: number;
  pitch: number;
}

/** The step of a table of signed colours for a value; beyond the limit colours do not change. */
export function signedStep(value: number, limit: number): number {
  const share = Math.min(1, Math.max(-1, value / limit));
  return Math.round(MIDDLE + share * MIDDLE);
}

/**
 * Draw vectors as strips of cells.
 *
 * @param values (rows, dimensions), flat.
 * @param isMasked Says which rows are drawn pale.
 */
export function drawStrips(
  context: CanvasRenderingContext2D,
  values: Float32Array,
  dimensions: number,
  limit: number,
  colors: ColorTable,
  place: StripPlace,
  isMasked: (row: number) => boolean,
): void {
  const rows = values.length / dimensions;
  if (rows === 0) return;
  const cells = cellImage(context, dimensions, rows, colors, (cell) =>
    signedStep(values[cell] as number, limit),
  );
  context.save();
  context.imageSmoothingEnabled = false;
  for (let row = 0; row < rows; row++) {
    context.globalAlpha = isMasked(row) ? neuron_view.masked_opacity : 1;
    const top = place.top + row * place.pitch;
    context.drawImage(cells, 0, row, dimensions, 1, place.left, top, place.width, place.height);
  }
  context.restore();
}
