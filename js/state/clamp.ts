import { type About, keysOf, type StreamAbout } from "./about";
import type { Selection, TokenRef } from "./selection";

/** The stream of that name, or the first one. */
export function streamOf(about: About, name: string): StreamAbout {
  const stream = about.streams.find((candidate) => candidate.name === name) ?? about.streams[0];
  if (!stream) throw new Error("The trace has no stream: nothing can be shown.");
  return stream;
}

/** The selection with layer, heads, pins, pair filter and view reduced to what its stream has. */
export function clampSelection(selection: Selection, about: About): Selection {
  const stream = streamOf(about, selection.stream);
  const heads = selection.heads?.filter((head) => head >= 0 && head < stream.heads) ?? [];
  return {
    ...selection,
    stream: stream.name,
    layer: Math.min(Math.max(0, selection.layer), stream.layers - 1),
    heads: heads.length > 0 ? heads : null,
    tokens_selected: selection.tokens_selected.filter((pin) => isWithin(pin, stream)),
    pair_filter: hasPair(stream) ? selection.pair_filter : "all",
    view: selection.view === "neuron" && !stream.projections ? "head" : selection.view,
  };
}

function hasPair(stream: StreamAbout): boolean {
  return stream.queries.segments.length > 0 || keysOf(stream).segments.length > 0;
}

function isWithin({ side, index }: TokenRef, stream: StreamAbout): boolean {
  const tokens = side === "query" ? stream.queries : keysOf(stream);
  return index >= 0 && index < tokens.text.length;
}
