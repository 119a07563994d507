import { traceCurve } from "../../draw/curve";
import { headColor, headDash, signColor, withAlpha } from "../../draw/palette";
import type { Lines } from "./lines";
import { type Geometry, keyY, queryY, type Scene } from "./scene";

/** Lines of one head are drawn in this many steps of strength. */
const STEPS = 20;
/** Browsers draw lines up to this width without outlining them, some twenty times faster. */
const HAIRLINE = 1;
const THICKEST = 4.2;
/** At most this many lines are wider than a hairline, the strongest; and none below this strength. */
const MOST_THICK = 150;
const THICK_FROM = 0.25;
/** Hairlines of one look are drawn together, so many at a time. */
const BATCH = 200;

/** Strength in [0, 1] of a weight: the eye reads width and opacity together, so the root. */
export function strengthOf(weight: number, top: number): number {
  return top > 0 ? Math.sqrt(Math.min(1, Math.abs(weight) / top)) : 0;
}

/** The colour of a line: that of its head or, where values have signs, of its sign. */
export function colorOf({ heads, isSigned, scheme }: Scene, head: number, weight: number): string {
  return isSigned ? signColor(weight, scheme) : headColor(heads[head] ?? null, scheme);
}

/** Opacity by strength. The more lines there are the fainter are the weak ones. */
export function opacityOf(strength: number, count: number): number {
  const crowd = Math.min(1, Math.log10(Math.max(1, count / 10)) / 2.5);
  const faintest = 0.32 - 0.26 * crowd;
  return faintest + (0.95 - faintest) * strength ** (1 + 1.4 * crowd);
}

function widthOf(strength: number, thickFrom: number): number {
  if (strength <= thickFrom) return HAIRLINE;
  return HAIRLINE + (THICKEST - HAIRLINE) * ((strength - thickFrom) / (1 - thickFrom)) ** 1.1;
}

/** Draws those of the lines that touch the window, weak ones first. */
export function paintLines(
  context: CanvasRenderingContext2D,
  scene: Scene,
  geometry: Geometry,
  lines: Lines,
): void {
  const groups = groupByLook(scene, geometry, lines);
  const looks = 2 * scene.heads.length;
  const thickFrom = thickFromOf(groups, looks);
  for (const group of [...groups.keys()].sort((a, b) => a - b)) {
    const head = Math.floor((group % looks) / 2);
    const strength = Math.floor(group / looks) / STEPS;
    const opacity = opacityOf(strength, lines.count);
    const color = colorOf(scene, head, group % 2 === 0 ? 1 : -1);
    context.strokeStyle = withAlpha(color, opacity);
    context.lineWidth = widthOf(strength, thickFrom);
    context.setLineDash(headDash(scene.heads[head] ?? null));
    strokeAll(context, geometry, groups.get(group) ?? [], strength <= thickFrom ? BATCH : 1);
  }
  context.setLineDash([]);
}

/** End heights, two by two, of the lines in sight, by step of strength, head and sign. */
function groupByLook(scene: Scene, geometry: Geometry, lines: Lines): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (let i = 0; i < lines.count; i++) {
    const head = lines.head[i] as number;
    const from = queryY(scene, geometry, lines.query[i] as number, head);
    const to = keyY(scene, geometry, lines.key[i] as number, head);
    if (Math.max(from, to) < 0 || Math.min(from, to) > geometry.height) continue;
    const weight = lines.weight[i] as number;
    const step = Math.round(strengthOf(weight, lines.top) * STEPS);
    const group = 2 * (step * scene.heads.length + head) + (weight < 0 ? 1 : 0);
    const ends = groups.get(group);
    if (ends) ends.push(from, to);
    else groups.set(group, [from, to]);
  }
  return groups;
}

function thickFromOf(groups: Map<number, number[]>, looks: number): number {
  const counts = new Array<number>(STEPS + 1).fill(0);
  for (const [group, ends] of groups) {
    const step = Math.floor(group / looks);
    counts[step] = (counts[step] ?? 0) + ends.length / 2;
  }
  let step = STEPS;
  for (let thick = counts[step] ?? 0; step > 0 && thick <= MOST_THICK; ) {
    step -= 1;
    thick += counts[step] ?? 0;
  }
  return Math.min(0.95, Math.max(THICK_FROM, step / STEPS));
}

function strokeAll(
  context: CanvasRenderingContext2D,
  geometry: Geometry,
  ends: number[],
  together: number,
): void {
  for (let at = 0; at < ends.length; at += 2 * together) {
    context.beginPath();
    for (let i = at; i < Math.min(ends.length, at + 2 * together); i += 2) {
      traceCurve(context, geometry.span, ends[i] as number, ends[i + 1] as number);
    }
    context.stroke();
  }
}
