import { type ColorTable, divergingColors, sequentialColors } from "../../draw/colormap";
import { headColor, type Scheme, signColor } from "../../draw/palette";
import type { ThumbnailsFrame } from "../../frame/thumbnails";
import type { Selection } from "../../state/selection";
import { drawLines, drawMatrix, type LineColors, type Square } from "./drawThumbnail";
import { type Ground, inkColors } from "./importance";

/** The style of thumbnails; `full` is the magnitude at full strength. */
export type ThumbnailStyle =
  | { kind: "lines"; full: number; colors: LineColors }
  | { kind: "matrix"; full: number; colors: ColorTable };

/**
 * All heads have one colour, because it is their shapes that are compared; or the two of the signs,
 * where values have signs.
 */
export function thumbnailStyle(
  kind: Selection["thumbnails"],
  scheme: Scheme,
  full: number,
  isSigned: boolean,
): ThumbnailStyle {
  if (kind === "matrix") {
    return { kind, full, colors: isSigned ? divergingColors(scheme) : sequentialColors(scheme) };
  }
  const all = headColor(null, scheme);
  const [positive, negative] = isSigned
    ? [signColor(1, scheme), signColor(-1, scheme)]
    : [all, all];
  return { kind, full, colors: { positive, negative } };
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
    const colors = ground ? { positive: ground.ink, negative: ground.ink } : style.colors;
    drawLines(context, frame, head, square, colors, style.full);
  } else {
    const colors = ground ? inkColors(ground.ink) : style.colors;
    drawMatrix(context, frame, head, square, colors, style.full);
  }
}
