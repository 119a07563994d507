import { progressAt } from "../../draw/curve";
import { levelY, nearestPlace, radiusOf } from "./layout";
import { edgeX, type HoverTarget, type Scene, spanOf } from "./scene";

const REACH = 5;
/** A weaker edge has to be nearer by so much. */
const CLEARLY = 0.25;

/** The node at a point of the levels, else the nearest edge, strong ones first. */
export function targetAt(scene: Scene, x: number, y: number): HoverTarget | null {
  const { layout } = scene;
  const top = layout.levels - 1;
  const level = Math.round(top - (y - levelY(layout, top)) / layout.rowPitch);
  const place = nearestPlace(layout, x);
  const index = layout.shown[place];
  const reach = radiusOf(layout) + 3;
  if (index !== undefined && level >= 0 && level <= top) {
    const distance = Math.hypot(x - (layout.centers[place] as number), y - levelY(layout, level));
    if (distance <= reach) return { node: { level, index } };
  }
  const edge = edgeAt(scene, x, y);
  return edge < 0 ? null : { edge };
}

function edgeAt(scene: Scene, x: number, y: number): number {
  const { frame, layout, edges } = scene;
  const step = Math.floor(
    layout.levels - 1 - (y - levelY(layout, layout.levels - 1)) / layout.rowPitch,
  );
  const span = spanOf(layout, step);
  if (step < 0 || y < span.left || y > span.right) return -1;
  const progress = progressAt(span, y);
  let nearest = -1;
  let best = REACH;
  for (const edge of edges.drawn) {
    if (frame.steps[edge] !== step) continue;
    const ends = edgeX(scene, edge);
    if (!ends) continue;
    const distance = Math.abs(ends[0] + (ends[1] - ends[0]) * progress - x);
    if (distance < best - CLEARLY) {
      best = distance;
      nearest = edge;
    }
  }
  return nearest;
}
