import { progressAt } from "../../draw/curve";
import type { Lines } from "./lines";
import { type Geometry, keyY, queryY, type Scene } from "./scene";

const REACH_PX = 5;

/** The line nearest to a point of the window, strong ones first among equals; -1 when none is near. */
export function lineAt(
  scene: Scene,
  geometry: Geometry,
  lines: Lines,
  x: number,
  y: number,
): number {
  const { left, right } = geometry.span;
  if (x < left || x > right) return -1;
  const progress = progressAt(geometry.span, x);
  let nearest = -1;
  let best = REACH_PX;
  for (let i = 0; i < lines.count; i++) {
    const head = lines.head[i] as number;
    const from = queryY(scene, geometry, lines.query[i] as number, head);
    const to = keyY(scene, geometry, lines.key[i] as number, head);
    const distance = Math.abs(from + (to - from) * progress - y);
    if (distance <= best) {
      best = distance;
      nearest = i;
    }
  }
  return nearest;
}
