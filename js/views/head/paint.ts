import { headColor, headDash, withAlpha } from "../../draw/palette";
import { traceCurve } from "./curve";
import type { Lines } from "./lines";
import { type Geometry, keyY, queryY, type Scene } from "./scene";

/** Lines of one head are drawn in this many steps of strength, each step in one go. */
const STEPS = 14;
const THINNEST = 0.7;
const THICKEST = 4.2;
/** Strength in [0, 1] of a weight: the eye reads width and opacity together, so the root. */
export function strengthOf(weight: number, top: number): number {
  return top > 0 ? Math.sqrt(Math.min(1, weight / top)) : 0;
}

export function widthOf(strength: number): number {
  return THINNEST + (THICKEST - THINNEST) * strength ** 1.5;
}

/** The more lines there are the fainter are the weak ones, so that strong ones stay legible. */
export function opacityOf(strength: number, count: number): number {
  const crowd = Math.min(1, Math.log10(Math.max(1, count / 10)) / 2.5);
  const faintest = 0.3 - 0.26 * crowd;
  return faintest + (0.95 - faintest) * strength ** (1 + 1.4 * crowd);
}

/** Draws those of the lines that touch the window; `scale` is the weight of full strength. */
export function paintLines(
  context: CanvasRenderingContext2D,
  scene: Scene,
  geometry: Geometry,
  lines: Lines,
  scale: number,
): void {
  const paths = new Map<number, Path2D>();
  for (let i = 0; i < lines.count; i++) {
    const head = lines.head[i] as number;
    const from = queryY(scene, geometry, lines.query[i] as number, head);
    const to = keyY(scene, geometry, lines.key[i] as number, head);
    if (Math.max(from, to) < 0 || Math.min(from, to) > geometry.height) continue;
    const step = Math.round(strengthOf(lines.weight[i] as number, scale) * STEPS);
    const group = step * scene.heads.length + head;
    let path = paths.get(group);
    if (!path) {
      path = new Path2D();
      paths.set(group, path);
    }
    traceCurve(path, geometry.span, from, to);
  }
  context.lineCap = "butt";
  for (const group of [...paths.keys()].sort((a, b) => a - b)) {
    const head = scene.heads[group % scene.heads.length] ?? null;
    const strength = Math.floor(group / scene.heads.length) / STEPS;
    context.strokeStyle = withAlpha(
      headColor(head, scene.scheme),
      opacityOf(strength, lines.count),
    );
    context.lineWidth = widthOf(strength);
    context.setLineDash(headDash(head));
    context.stroke(paths.get(group) as Path2D);
  }
  context.setLineDash([]);
}
