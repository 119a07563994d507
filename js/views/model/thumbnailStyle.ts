import { type ColorTable, sequentialColors } from "../../draw/colormap";
import { headColor, type Scheme } from "../../draw/palette";
import type { ThumbnailsFrame } from "../../frame/thumbnails";
import type { Selection } from "../../state/selection";
import { drawLines, drawMatrix, type Square } from "./drawThumbnail";

export type ThumbnailStyle =
  | { kind: "lines"; color: string }
  | { kind: "matrix"; colors: ColorTable };

/** All heads have one colour: here it is their shapes that are compared. */
export function thumbnailStyle(kind: Selection["thumbnails"], scheme: Scheme): ThumbnailStyle {
  return kind === "lines"
    ? { kind, color: headColor(null, scheme) }
    : { kind, colors: sequentialColors(scheme) };
}

export function drawThumbnail(
  context: CanvasRenderingContext2D,
  frame: ThumbnailsFrame,
  head: number,
  square: Square,
  style: ThumbnailStyle,
): void {
  if (style.kind === "lines") drawLines(context, frame, head, square, style.color);
  else drawMatrix(context, frame, head, square, style.colors);
}
