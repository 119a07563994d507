import { paths as limits } from "../../../attnwidget/shared/limits.json";
import { allSettings, methodOf, settingsIn } from "../../frame/method";
import type { PathsWant } from "../../frame/want";
import { type About, followedIn } from "../../state/about";
import { streamOf } from "../../state/clamp";
import type { NodeRef, Selection } from "../../state/selection";
import type { Nodes } from "./nodes";

/**
 * The paths a selection shows; `via` null asks for all of them.
 *
 * They are those of the method that follows the selected one. Settings that the selected one does
 * not have, and so shows no control of, are at their defaults.
 */
export function pathsWant(
  about: About,
  selection: Selection,
  nodes: Nodes,
  via: NodeRef | null = selection.trace_via,
): PathsWant {
  const { trace_node } = selection;
  const selected = methodOf(about, selection.method);
  const defaults = settingsIn({}, allSettings(about));
  return {
    kind: "paths",
    stream: selection.stream,
    ...{ ...defaults, ...settingsIn(selection, selected.settings) },
    method: followedIn(streamOf(about, selection.stream), selected),
    fusion: selection.fusion,
    level: trace_node?.level ?? null,
    index: trace_node?.index ?? nodes.last,
    via: via && [via.level, via.index],
    most: limits.edges,
  };
}
