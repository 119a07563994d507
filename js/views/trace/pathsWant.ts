import { paths as limits } from "../../../attnwidget/shared/limits.json";
import type { PathsWant } from "../../frame/want";
import type { Method, NodeRef, Selection } from "../../state/selection";
import type { Nodes } from "./nodes";

/** A single attention matrix leads through one layer only: rollout follows it through all of them. */
export function followedBy(method: Method): Method {
  return method === "attention" ? "rollout" : method;
}

/** The paths a selection shows; `via` null asks for all of them. */
export function pathsWant(
  selection: Selection,
  nodes: Nodes,
  via: NodeRef | null = selection.trace_via,
): PathsWant {
  const { trace_node, method } = selection;
  return {
    kind: "paths",
    stream: selection.stream,
    method: followedBy(method),
    fusion: selection.fusion,
    discard_ratio: method === "rollout" ? selection.discard_ratio : 0,
    target: selection.target,
    level: trace_node?.level ?? null,
    index: trace_node?.index ?? nodes.last,
    via: via && [via.level, via.index],
    most: limits.edges,
  };
}
