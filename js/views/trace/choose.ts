import { trace_view } from "../../../attnwidget/shared/limits.json";
import { type PathsFrame, shareAt, totalAt } from "../../frame/paths";
import type { NodeRef, Selection } from "../../state/selection";
import { sameNode } from "./scene";

/** All that a click on a node depends on. */
export interface Traced {
  node: NodeRef;
  via: NodeRef | null;
  /** Its paths are flows, which only inputs narrow. */
  isFlow: boolean;
  /** The paths through every node, not narrowed to one. */
  every: PathsFrame;
}

export type Choice = "trace" | "through" | "release";

/**
 * The effect of a click on a node.
 *
 * Nodes through which the traced content comes narrow the trace to themselves, all others are
 * traced; a click on what is chosen releases it. Of a flow only the inputs narrow it.
 */
export function choiceOf(node: NodeRef, traced: Traced): Choice {
  if (sameNode(node, traced.via) || sameNode(node, traced.node)) return "release";
  if (node.level >= traced.node.level) return "trace";
  if (node.level === 0) return "through";
  if (traced.isFlow) return "trace";
  const { every } = traced;
  const part = shareAt(every, node.level, node.index) / totalAt(every, node.level);
  return part >= trace_view.negligible ? "through" : "trace";
}

/** The change that a click on a node makes. */
export function changeFor(node: NodeRef, traced: Traced): Partial<Selection> {
  switch (choiceOf(node, traced)) {
    case "trace":
      return startAt(node);
    case "through":
      return { trace_via: node };
    case "release":
      return sameNode(node, traced.via)
        ? { trace_via: null }
        : { trace_node: null, trace_via: null };
  }
}

/** Traces a node itself, whatever it is to the trace there is. */
export function startAt(node: NodeRef): Partial<Selection> {
  return { trace_node: node, trace_via: null };
}
