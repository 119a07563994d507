import { formatNumber, formatSigned } from "../../draw/format";
import { colorRound, headColor, headDash, withAlpha } from "../../draw/palette";
import type { Side, TokenRef } from "../../state/selection";
import { rankFor } from "../../state/shares";
import { middleOf } from "./layout";
import type { Lines } from "./lines";
import { colorOf, strengthOf } from "./paint";
import type { Geometry, Scene } from "./scene";

/** Horizontal extent of a column's boxes, and where its numbers stand. */
export interface BoxColumn {
  left: number;
  right: number;
  numberX: number;
  align: "left" | "right";
}

/** Colours the tokens of one side by the weight of the lines that end there, one box per head. */
export function paintBoxes(
  context: CanvasRenderingContext2D,
  scene: Scene,
  geometry: Geometry,
  lines: Lines,
  side: Side,
  column: BoxColumn,
): void {
  const layout = side === "key" ? scene.keys : scene.queries;
  const offset = side === "key" ? geometry.keyOffset : geometry.queryOffset;
  const heads = scene.heads.length;
  const width = (column.right - column.left) / heads;
  for (let i = 0; i < lines.count; i++) {
    const index = (side === "key" ? lines.key[i] : lines.query[i]) as number;
    const head = lines.head[i] as number;
    const weight = lines.weight[i] as number;
    const number = scene.heads[head] ?? null;
    const opacity = 0.05 + 0.45 * strengthOf(weight, Math.max(lines.top, 0.02 * scene.frame.scale));
    const left = column.left + head * width;
    const top = (layout.tops[index] ?? 0) + offset + 1;
    const height = (layout.heights[index] ?? 0) - 2;
    const thickness = Math.max(1, width - (heads > 1 ? 1 : 0));
    context.fillStyle = withAlpha(colorOf(scene, head, weight), opacity);
    context.fillRect(left, top, thickness, height);
    if (colorRound(number) > 0)
      underline(context, number, left, top + height - 1, thickness, scene);
  }
}

/** The line pattern of a head whose colour another head has too. */
function underline(
  context: CanvasRenderingContext2D,
  head: number | null,
  left: number,
  y: number,
  width: number,
  scene: Scene,
): void {
  context.strokeStyle = headColor(head, scene.scheme);
  context.lineWidth = 2;
  context.setLineDash(headDash(head));
  context.beginPath();
  context.moveTo(left, y);
  context.lineTo(left + width, y);
  context.stroke();
  context.setLineDash([]);
}

/** Writes a token's weights beside the tokens at the other end of its lines. */
export function paintNumbers(
  context: CanvasRenderingContext2D,
  scene: Scene,
  geometry: Geometry,
  lines: Lines,
  token: TokenRef,
  column: BoxColumn,
  ink: { font: string; color: string },
): void {
  const writesKeys = token.side === "query";
  const layout = writesKeys ? scene.keys : scene.queries;
  const offset = writesKeys ? geometry.keyOffset : geometry.queryOffset;
  const format = scene.isSigned ? formatSigned : formatNumber;
  const drawn = new Set(writesKeys ? lines.key : lines.query);
  context.font = ink.font;
  context.fillStyle = ink.color;
  context.textBaseline = "middle";
  context.textAlign = column.align;
  for (const { index, mean } of rankFor(scene.frame, token).shares) {
    const y = middleOf(layout, index) + offset;
    if (drawn.has(index) && y > -20 && y < geometry.height + 20) {
      context.fillText(format(mean), column.numberX, y + 0.5);
    }
  }
}
