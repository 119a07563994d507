import { type ColorTable, sequentialColors } from "../../draw/colormap";
import { headColor, type Scheme } from "../../draw/palette";
import type { ThumbnailsFrame } from "../../frame/thumbnails";
import type { Selection } from "../../state/selection";
import { drawLines, drawMatrix, type Square } from "./drawThumbnail";
import { type Ground, inkColors } from "./importance";

/** The style of thumbnails; `full` is the weight at full strength. */
export type ThumbnailStyle =
  | { kind: "lines"; full: number; color: string }
  | { kind: "matrix"; full: number; colors: ColorTable };

/** All heads have one colour: here it is their shapes that are compared. */
export function thumbnailStyle(
  kind: Selection["thumbnails"],
  scheme: Scheme,
  full: number,
): ThumbnailStyle {
  return kind === "lines"
    ? { kind, full, color: headColor(null, scheme) }
    : { kind, full, colors: sequentialColors(scheme) };
}

/** Draws a head in miniature; on a ground of its own where one is given, then in black or white. */
export function drawThumbnail(
  context: CanvasRenderingContext2D,
  frame: ThumbnailsFrame,
  head: number,
  square: Square,
  style: ThumbnailStyle,
  ground: Ground | null,
): void {
  if (ground) {
    context.fillStyle = ground.color;
    context.fillRect(square.left, square.top, square.side, square.side);
  }
  if (style.kind === "lines") {
    drawLines(context, frame, head, square, ground?.ink ?? style.color, style.full);
  } else {
    const colors = ground ? inkColors(ground.ink) : style.colors;
    drawMatrix(context, frame, head, square, colors, style.full);
  }
}
