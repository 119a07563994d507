import type { Selection, Side, TokenRef } from "./selection";

/** Pins a token, or releases it when it is pinned. Pins keep the order in which they were made. */
export function togglePin(pins: TokenRef[], token: TokenRef): TokenRef[] {
  const others = pins.filter(({ side, index }) => side !== token.side || index !== token.index);
  return others.length < pins.length ? others : [...pins, token];
}

/** The pinned tokens of one side, in the order of pinning. */
export function pinsOn(pins: TokenRef[], side: Side): number[] {
  return pins.filter((pin) => pin.side === side).map(({ index }) => index);
}

export function isPinned(pins: TokenRef[], { side, index }: TokenRef): boolean {
  return pins.some((pin) => pin.side === side && pin.index === index);
}

/** Takes back the last choice that is a view's own; null when there is none. */
export type Undo = (selection: Selection) => Partial<Selection> | null;

/**
 * The effect of Escape, null when nothing is narrowed: it takes back the view's own choices, then
 * releases pins, heads and the pair filter.
 */
export function undoNarrowing(selection: Selection, undoInView?: Undo): Partial<Selection> | null {
  const own = undoInView?.(selection) ?? null;
  if (own) return own;
  if (selection.tokens_selected.length > 0) return { tokens_selected: [] };
  if (selection.heads !== null) return { heads: null };
  if (selection.pair_filter !== "all") return { pair_filter: "all" };
  return null;
}
