import { trace_view } from "../../../attnwidget/shared/limits.json";
import { STEPS, sequentialColors } from "../../draw/colormap";
import { traceFall } from "../../draw/curve";
import { headColor, withAlpha } from "../../draw/palette";
import { shareAt } from "../../frame/paths";
import type { NodeRef } from "../../state/selection";
import { GUTTER, type Layout, levelY, nodeX, radiusOf } from "./layout";
import { isMade } from "./nodes";
import { edgeX, endsOf, type Scene, sameNode, spanOf } from "./scene";

/** The part of the levels that is drawn. */
export interface Sight {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Ink {
  rule: string;
  control: string;
  paper: string;
}

const HAIRLINE = 0.8;
/** Opacities come in this many steps, and hairlines of one look are drawn so many at a time. */
const STRENGTHS = 24;
const BATCH = 200;

/** Width of the strongest edge. */
function thickest({ pitch, rowPitch }: Layout): number {
  return Math.max(4, Math.min(14, pitch * 0.4, rowPitch * 0.3));
}

/** Step of the colour scale for a part of everything: its root, so that small parts are seen. */
export function colorStep(part: number): number {
  return Math.round(Math.sqrt(Math.min(1, Math.max(0, part))) * (STEPS - 1));
}

export function nodeColor(part: number, scene: Pick<Scene, "scheme">): string {
  const colors = sequentialColors(scene.scheme);
  const at = colorStep(part) * 4;
  return `rgb(${colors[at]} ${colors[at + 1]} ${colors[at + 2]})`;
}

/** Draws edges that touch the sight, weak ones first; widths are proportional to their shares. */
export function paintEdges(
  context: CanvasRenderingContext2D,
  scene: Scene,
  sight: Sight,
  drawn: ArrayLike<number>,
): void {
  const { frame, layout, edges } = scene;
  const color = headColor(null, scene.scheme);
  const widest = thickest(layout);
  let look = "";
  let together = 0;
  for (let i = drawn.length - 1; i >= 0; i--) {
    const edge = drawn[i] as number;
    const span = spanOf(layout, frame.steps[edge] as number);
    const ends = edgeX(scene, edge);
    if (!ends || span.right < sight.top || span.left > sight.top + sight.height) continue;
    const [from, to] = ends;
    if (Math.max(from, to) < sight.left || Math.min(from, to) > sight.left + sight.width) continue;
    const strength = edges.top > 0 ? (frame.edges[edge] as number) / edges.top : 0;
    const width = Math.max(HAIRLINE, widest * strength);
    const opacity = 0.16 + 0.62 * (Math.round(STRENGTHS * Math.sqrt(strength)) / STRENGTHS);
    const own = `${width} ${opacity}`;
    if (own !== look || width > HAIRLINE || together >= BATCH) {
      if (together > 0) context.stroke();
      context.lineWidth = width;
      context.strokeStyle = withAlpha(color, opacity);
      context.beginPath();
      look = own;
      together = 0;
    }
    traceFall(context, span, from, to);
    together += 1;
  }
  if (together > 0) context.stroke();
}

/** Draws the nodes in sight, shaded by their shares. */
export function paintNodes(
  context: CanvasRenderingContext2D,
  scene: Scene,
  sight: Sight,
  ink: Ink,
): void {
  const { layout, nodes, frame } = scene;
  for (let level = 0; level < layout.levels; level++) {
    const y = levelY(layout, level);
    if (y < sight.top - 20 || y > sight.top + sight.height + 20) continue;
    layout.shown.forEach((index, place) => {
      const x = layout.centers[place] as number;
      if (x < sight.left - 20 || x > sight.left + sight.width + 20) return;
      const part = scene.total > 0 ? shareAt(frame, level, index) / scene.total : 0;
      const step = frame.levels[level - 1];
      paintNode(
        context,
        scene,
        { level, index },
        part,
        step ? isMade(nodes, step, index) : true,
        ink,
      );
    });
  }
}

/** A faint line along every level, and a dotted one between target and source tokens. */
export function paintGuides(context: CanvasRenderingContext2D, { layout }: Scene, ink: Ink): void {
  context.fillStyle = ink.rule;
  for (let level = 0; level < layout.levels; level++) {
    const right = (layout.centers.at(-1) ?? 0) - GUTTER;
    context.fillRect(GUTTER, Math.round(levelY(layout, level)), right, 1);
  }
  if (layout.splitAt === null) return;
  context.strokeStyle = ink.control;
  context.lineWidth = 1;
  context.setLineDash([2, 4]);
  context.beginPath();
  context.moveTo(layout.splitAt, 0);
  context.lineTo(layout.splitAt, layout.height);
  context.stroke();
  context.setLineDash([]);
}

function paintNode(
  context: CanvasRenderingContext2D,
  scene: Scene,
  node: NodeRef,
  part: number,
  isMadeHere: boolean,
  ink: Ink,
): void {
  const { layout } = scene;
  const [x, y] = [nodeX(layout, node.index) ?? 0, levelY(layout, node.level)];
  const isBlank = part < trace_view.negligible;
  const radius = radiusOf(layout) * (isBlank ? (isMadeHere ? 0.5 : 0.25) : isMadeHere ? 1 : 0.7);
  disc(context, x, y, radius);
  context.fillStyle = isBlank ? ink.paper : nodeColor(part, scene);
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = isBlank ? ink.control : withAlpha(headColor(null, scene.scheme), 0.55);
  context.stroke();
  if (sameNode(node, scene.traced) || sameNode(node, scene.via)) ring(context, scene, x, y);
}

function ring(context: CanvasRenderingContext2D, { layout, scheme }: Scene, x: number, y: number) {
  disc(context, x, y, radiusOf(layout) + 3);
  context.lineWidth = 2;
  context.strokeStyle = headColor(null, scheme);
  context.stroke();
}

function disc(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

/** The drawn edges that lead to or from a node, or the one edge. */
export function edgesOf(scene: Scene, target: { node: NodeRef } | { edge: number }): number[] {
  if ("edge" in target) return [target.edge];
  return Array.from(scene.edges.drawn).filter((edge) => {
    const { upper, lower } = endsOf(scene.frame, edge);
    return sameNode(upper, target.node) || sameNode(lower, target.node);
  });
}
