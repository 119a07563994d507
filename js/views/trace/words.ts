import { paths as limits } from "../../../attnwidget/shared/limits.json";
import { formatCount, formatNumber, formatPercent, formatSetting, plural } from "../../draw/format";
import type { Fusion, MethodRow } from "../../frame/method";
import { type PathStep, shareAt, totalAt } from "../../frame/paths";
import type { NodeRef } from "../../state/selection";
import type { Scene } from "./scene";

/** The name of a level: "inputs", "layer 3"; where there are several streams "cross 1". */
export function levelName(levels: PathStep[], level: number): string {
  const step = levels[level - 1];
  if (!step) return "inputs";
  const isOne = levels.every(({ stream }) => stream === step.stream);
  const number = step.number ?? step.layer;
  return isOne ? `layer ${number}` : `${step.stream} ${number}`;
}

/** "at the input", "after layer 3". */
export function placeName(levels: PathStep[], level: number): string {
  return level === 0 ? "at the input" : `after ${levelName(levels, level)}`;
}

/** The method that follows the content, and its fusion of heads. */
export function meansOf({ title, own_fusion }: MethodRow, fusion: Fusion): string {
  return `${title} (${own_fusion ?? `all heads fused, ${fusion}`})`;
}

/** The effects of a click, in one line. */
export function hintFor({ is_flow }: MethodRow): string {
  return is_flow
    ? "Click an input to draw its maximum flow, any other token to trace that."
    : "Click a token in the top row or a blank one to trace it, a shaded one to go through it only; double-click it to start there.";
}

/** One line that says which edges are drawn, of how many. */
export function noteOf(
  { frame, method, edges }: Pick<Scene, "frame" | "method" | "edges">,
  coverage: number,
  hidden: number,
): string {
  const all = plural(frame.edges.length, "edge");
  const strongest = frame.edges.length === limits.edges ? `the strongest ${all}` : all;
  const count = `${formatCount(edges.drawn.length)} of ${strongest}`;
  const leftOut = hidden > 0 ? `; ${plural(hidden, "token")} hidden` : "";
  const what = method.is_flow ? "the flow" : "what arrives";
  const isShort = edges.held < Math.min(coverage, 0.995) - 0.005;
  if (isShort) {
    return `showing at least ${formatPercent(edges.held)} of ${what}; ${count}${leftOut}`;
  }
  const share = coverage >= 1 ? "all" : formatSetting(coverage);
  return `showing ${share} of ${what}; ${count}${leftOut}`;
}

/** The scores of paths: a frame and its method. */
type Followed = Pick<Scene, "frame" | "method">;

/** The amount that arrives from an input: a raw value of a flow, else a part of the whole. */
export function amount({ frame, method }: Followed, share: number): string {
  if (method.is_flow) return formatNumber(share);
  const total = frame.arriving.reduce((sum, value) => sum + value, 0);
  return formatPercent(total > 0 ? share / total : 0);
}

/** The amount that comes through a node. */
export function nodeAmount(followed: Followed, { level, index }: NodeRef): string {
  const { frame, method } = followed;
  if (level === 0) return amount(followed, frame.arriving[index] ?? 0);
  const share = shareAt(frame, level, index);
  if (method.is_flow) return formatNumber(share);
  const total = totalAt(frame, level);
  return formatPercent(total > 0 ? share / total : 0);
}
