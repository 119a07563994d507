import { formatNumber } from "../../draw/format";
import { headColor, withAlpha } from "../../draw/palette";
import type { Side } from "../../state/selection";
import type { Lines } from "./lines";
import { strengthOf } from "./paint";
import type { Geometry, Scene } from "./scene";

/** Horizontal extent of a column's boxes, and where its numbers stand. */
export interface BoxColumn {
  left: number;
  right: number;
  numberX: number;
  align: "left" | "right";
}

/**
 * Colours the tokens at the other end of a token's lines, one box per head, and writes the weight
 * beside each: the mean where several heads are drawn.
 */
export function paintBoxes(
  context: CanvasRenderingContext2D,
  scene: Scene,
  geometry: Geometry,
  lines: Lines,
  side: Side,
  column: BoxColumn,
  ink: { font: string; color: string },
): void {
  const layout = side === "key" ? scene.keys : scene.queries;
  const offset = side === "key" ? geometry.keyOffset : geometry.queryOffset;
  const heads = scene.heads.length;
  const width = (column.right - column.left) / heads;
  const sums = new Map<number, number>();
  for (let i = 0; i < lines.count; i++) {
    const index = (side === "key" ? lines.key[i] : lines.query[i]) as number;
    const head = lines.head[i] as number;
    const weight = lines.weight[i] as number;
    sums.set(index, (sums.get(index) ?? 0) + weight);
    context.fillStyle = withAlpha(
      headColor(scene.heads[head] ?? null, scene.scheme),
      0.06 + 0.54 * strengthOf(weight, Math.max(lines.top, 0.02)),
    );
    context.fillRect(
      column.left + head * width,
      (layout.tops[index] ?? 0) + offset + 1,
      Math.max(1, width - (heads > 1 ? 1 : 0)),
      (layout.heights[index] ?? 0) - 2,
    );
  }
  context.font = ink.font;
  context.fillStyle = ink.color;
  context.textBaseline = "middle";
  context.textAlign = column.align;
  for (const [index, sum] of sums) {
    const y = (layout.tops[index] ?? 0) + (layout.heights[index] ?? 0) / 2 + offset;
    if (y > -20 && y < geometry.height + 20) {
      context.fillText(formatNumber(Number((sum / heads).toPrecision(2))), column.numberX, y + 0.5);
    }
  }
}
