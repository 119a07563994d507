import { trace_view } from "../../../attnwidget/shared/limits.json";
import { type PathsFrame, totalAt } from "../../frame/paths";

/** The edges that are drawn. */
export interface Edges {
  /** Places in the frame, strongest first. */
  drawn: Uint32Array;
  /** The share of the strongest. */
  top: number;
  /** The smallest part of what goes through a step that its drawn edges carry. */
  held: number;
}

/** The fewest edges of every step that carry a part of its flow, strongest first. */
export function collectEdges(frame: PathsFrame, coverage: number): Edges {
  const totals = frame.levels.map((_, step) => totalAt(frame, step));
  const carried = totals.map(() => 0);
  const drawn: number[] = [];
  frame.edges.forEach((share, at) => {
    const step = frame.steps[at] as number;
    const before = carried[step] ?? 0;
    const enough = coverage * (totals[step] ?? 0);
    if (share <= 0 || (coverage < 1 && before >= enough - trace_view.tolerance * enough)) return;
    carried[step] = before + share;
    drawn.push(at);
  });
  const parts = totals.flatMap((total, step) =>
    total > 0 && step < topStep(frame) ? [(carried[step] ?? 0) / total] : [],
  );
  const top = drawn[0] === undefined ? 0 : (frame.edges[drawn[0]] ?? 0);
  return { drawn: Uint32Array.from(drawn), top, held: Math.min(1, ...parts) };
}

/** Steps from this one on lie above the node that is traced. */
function topStep(frame: PathsFrame): number {
  let level = frame.levels.length;
  while (level > 0 && totalAt(frame, level) === 0) level -= 1;
  return level;
}
