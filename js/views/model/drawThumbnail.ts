import { model_view } from "../../../attnwidget/shared/limits.json";
import { type ColorTable, cellImage, STEPS } from "../../draw/colormap";
import { headCells, rootOf, type ThumbnailsFrame } from "../../frame/thumbnails";

/** Lines are stroked in this many groups of equal opacity. */
const OPACITIES = 10;

export interface Square {
  left: number;
  top: number;
  side: number;
}

/** The colours of lines: one for both signs, where values have none. */
export interface LineColors {
  positive: string;
  negative: string;
}

/** Opacity in the lines style of a share of what is drawn at full strength. */
export function lineOpacity(share: number): number {
  return Math.min(1, share ** 0.7);
}

/**
 * A head view in miniature: queries left, keys right, lines as opaque as their weight is large.
 *
 * `full` is the magnitude that is drawn at full strength. Lines of one opacity are stroked together,
 * so that many faint ones do not add up to a strong one.
 */
export function drawLines(
  context: CanvasRenderingContext2D,
  frame: ThumbnailsFrame,
  head: number,
  { left, top, side }: Square,
  colors: LineColors,
  full: number,
): void {
  const { rows, columns, signed } = frame;
  const cells = headCells(frame, head);
  const inset = Math.max(2, side * 0.06);
  const [from, to, middle] = [left + inset, left + side - inset, left + side / 2];
  const inner = side - 2 * inset;
  // Both signs of the weakest opacity, then of the next: the strongest lie on top.
  const paths = Array.from({ length: 2 * OPACITIES }, () => new Path2D());
  for (let row = 0; row < rows; row++) {
    const y = top + inset + ((row + 0.5) / rows) * inner;
    const weights = cells.subarray(row * columns, (row + 1) * columns);
    const roots = Array.from(weights, (byte) => rootOf(byte, signed));
    const strongest = Math.max(...roots.map(Math.abs));
    const weakest = strongest * Math.sqrt(model_view.weakest_line);
    for (let column = 0; column < columns; column++) {
      const root = roots[column] as number;
      if (root === 0 || Math.abs(root) < weakest) continue;
      const opacity = lineOpacity((root ** 2 * frame.top) / full);
      const group = Math.max(1, Math.round(opacity * OPACITIES)) - 1;
      const path = paths[2 * group + (root < 0 ? 1 : 0)] as Path2D;
      const end = top + inset + ((column + 0.5) / columns) * inner;
      path.moveTo(from, y);
      path.bezierCurveTo(middle, y, middle, end, to, end);
    }
  }
  // Neighbouring lines keep paper between them however many there are.
  const thickness = Math.min(1.6, Math.max(0.3, (0.5 * inner) / rows));
  context.save();
  paths.forEach((path, at) => {
    const opacity = (Math.floor(at / 2) + 1) / OPACITIES;
    context.strokeStyle = at % 2 === 0 ? colors.positive : colors.negative;
    context.globalAlpha = opacity;
    context.lineWidth = thickness * (0.6 + 0.6 * opacity);
    context.stroke(path);
  });
  context.restore();
}

/**
 * A heat map, queries down and keys across; colour by the square root of the weight, 0 to `full` or,
 * where values have signs, −`full` to `full`.
 */
export function drawMatrix(
  context: CanvasRenderingContext2D,
  frame: ThumbnailsFrame,
  head: number,
  { left, top, side }: Square,
  colors: ColorTable,
  full: number,
): void {
  const { rows, columns, signed } = frame;
  const cells = headCells(frame, head);
  const strongest = Math.sqrt(frame.top / full);
  const image = cellImage(context, columns, rows, colors, (cell) => {
    const root = rootOf(cells[cell] as number, signed) * strongest;
    return Math.round((signed ? (1 + root) / 2 : root) * (STEPS - 1));
  });
  context.imageSmoothingEnabled = side < Math.max(rows, columns);
  context.drawImage(image, left, top, side, side);
}
