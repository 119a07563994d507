import type { Selection, TokenRef } from "./selection";

/** Pins a token, or releases it when it is pinned. Pins keep the order in which they were made. */
export function togglePin(pins: TokenRef[], token: TokenRef): TokenRef[] {
  const others = pins.filter(({ side, index }) => side !== token.side || index !== token.index);
  return others.length < pins.length ? others : [...pins, token];
}

/**
 * What Escape does: releases pins, then heads, then the pair filter; null when nothing is narrowed.
 *
 * In the trace view the node to go through comes first, then the traced node.
 */
export function undoNarrowing(selection: Selection): Partial<Selection> | null {
  if (selection.view === "trace") {
    if (selection.trace_via !== null) return { trace_via: null };
    if (selection.trace_node !== null) return { trace_node: null };
  }
  if (selection.tokens_selected.length > 0) return { tokens_selected: [] };
  if (selection.heads !== null) return { heads: null };
  if (selection.pair_filter !== "all") return { pair_filter: "all" };
  return null;
}
