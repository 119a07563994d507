import { view as defaultView } from "../../attnwidget/shared/traits.json";
import { defaultMethod } from "../frame/method";
import { type About, keysOf, type StreamAbout } from "./about";
import type { CompareWith, Selection, TokenRef } from "./selection";

/** The stream of that name, or the first one. */
export function streamOf(about: About, name: string): StreamAbout {
  const stream = about.streams.find((candidate) => candidate.name === name) ?? about.streams[0];
  if (!stream) throw new Error("The trace has no stream: nothing can be shown.");
  return stream;
}

/** The selection after a change; nodes of the trace view belong to the stream they were chosen in. */
export function changeSelection(
  before: Selection,
  change: Partial<Selection>,
  about: About,
): Selection {
  const moves = change.stream !== undefined && change.stream !== before.stream;
  const nodes = moves ? { trace_node: null, trace_via: null } : {};
  return clampSelection({ ...before, ...nodes, ...change }, about);
}

/** The selection with all that depends on the stream reduced to what its stream has. */
export function clampSelection(selection: Selection, about: About): Selection {
  const stream = streamOf(about, selection.stream);
  const heads = selection.heads?.filter((head) => head >= 0 && head < stream.heads) ?? [];
  return {
    ...selection,
    stream: stream.name,
    layer: Math.min(Math.max(0, selection.layer), stream.layers - 1),
    heads: heads.length > 0 ? heads : null,
    method: stream.methods.includes(selection.method)
      ? selection.method
      : defaultMethod(about).name,
    compare_with: selection.compare_with && clampComparison(selection.compare_with, stream),
    tokens_selected: selection.tokens_selected.filter((pin) => isWithin(pin, stream)),
    pair_filter: hasPair(stream) ? selection.pair_filter : "all",
    view: selection.view in stream.lacks.views ? defaultView : selection.view,
  };
}

/** Fields that the stream does not have become as in the first matrix. */
function clampComparison({ layer, head, method }: CompareWith, stream: StreamAbout): CompareWith {
  return {
    layer: layer !== null && layer < stream.layers ? layer : null,
    head: head !== null && head < stream.heads ? head : null,
    method: method !== null && stream.methods.includes(method) ? method : null,
  };
}

function hasPair(stream: StreamAbout): boolean {
  return stream.queries.segments.length > 0 || keysOf(stream).segments.length > 0;
}

function isWithin({ side, index }: TokenRef, stream: StreamAbout): boolean {
  const tokens = side === "query" ? stream.queries : keysOf(stream);
  return index >= 0 && index < tokens.text.length;
}
