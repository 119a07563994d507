import type { Range } from "./geometry";

/** What is pointed at: a cell (both), or a token at an axis or a bar (one of them). */
export interface Spot {
  queries: Range | null;
  keys: Range | null;
  /** Where the pointer is, in pixels from the view's corner; null where no tip belongs. */
  at: { x: number; y: number } | null;
}

export function isSameSpot(a: Spot | null, b: Spot | null): boolean {
  if (!a || !b) return a === b;
  return isSame(a.queries, b.queries) && isSame(a.keys, b.keys);
}

/** The one token of a range; null where there is none, or several. */
export function only(range: Range | null): number | null {
  return range && range[1] - range[0] === 1 ? range[0] : null;
}

function isSame(a: Range | null, b: Range | null): boolean {
  return a?.[0] === b?.[0] && a?.[1] === b?.[1];
}
