import type { Scheme } from "../../draw/palette";
import { methodOf } from "../../frame/method";
import { type PathsFrame, shareAt, totalAt } from "../../frame/paths";
import type { PathsWant } from "../../frame/want";
import type { About } from "../../state/about";
import type { NodeRef } from "../../state/selection";
import { collectEdges } from "./edges";
import { layoutNodes } from "./layout";
import { nodesOf } from "./nodes";
import type { Scene } from "./scene";

/** Tokens that have less than this part of a level everywhere are faint. */
const FAINT = 0.01;

export interface Looks {
  /** The width of the view, in CSS pixels. */
  width: number;
  coverage: number;
  hidesFaint: boolean;
  scheme: Scheme;
}

/** The scene that shows a frame. */
export function sceneOf(frame: PathsFrame, want: PathsWant, about: About, looks: Looks): Scene {
  const nodes = nodesOf(about, want.stream);
  const levels = frame.levels.length + 1;
  const totals = Array.from({ length: levels }, (_, level) => totalAt(frame, level));
  const traced = { level: want.level ?? levels - 1, index: want.index };
  const every = Array.from({ length: frame.nodes }, (_, index) => index);
  const shown = looks.hidesFaint
    ? every.filter((index) => index === traced.index || !isFaint(frame, totals, index))
    : every;
  return {
    frame,
    method: methodOf(about, frame.method),
    nodes,
    layout: layoutNodes(nodes, shown, { width: looks.width, levels }),
    edges: collectEdges(frame, looks.coverage),
    traced,
    via: viaOf(frame, want),
    total: Math.max(...totals),
    scheme: looks.scheme,
  };
}

/** The node that all drawn paths go through; of a maximum flow the input it comes from. */
function viaOf({ sink }: PathsFrame, { via }: PathsWant): NodeRef | null {
  if (sink !== null) return { level: 0, index: sink };
  return via && { level: via[0], index: via[1] };
}

function isFaint(frame: PathsFrame, totals: number[], index: number): boolean {
  const all = frame.arriving.reduce((sum, share) => sum + share, 0);
  if ((frame.arriving[index] ?? 0) >= FAINT * all) return false;
  return totals.every(
    (total, level) => shareAt(frame, level, index) < FAINT * total || total === 0,
  );
}
