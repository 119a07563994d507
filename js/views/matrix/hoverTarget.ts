import { type Signal, useSignal } from "@preact/signals";
import type { Hover } from "../view";
import { cellAt, type Range } from "./geometry";
import type { ShownMatrix } from "./useMatrices";

/** The thing under the pointer: a cell (both), or a token at an axis or a bar (one of them). */
export interface HoverTarget {
  queries: Range | null;
  keys: Range | null;
  /** The pointer, in pixels from the window's corner; null where no tip belongs. */
  at: { x: number; y: number } | null;
}

/** The thing under the pointer; single tokens are told to the whole widget. */
export function useHoverTarget(hover: Signal<Hover | null>, first: ShownMatrix | null) {
  const hovered = useSignal<HoverTarget | null>(null);
  const point = (next: HoverTarget | null) => {
    const isSame = isSameTarget(next, hovered.peek());
    if (isSame && !next?.at) return;
    hovered.value = next;
    if (!isSame) hover.value = next && hoverOf(next, first);
  };
  return { hovered, point };
}

function hoverOf({ queries, keys }: HoverTarget, first: ShownMatrix | null): Hover | null {
  const [query, key] = [only(queries), only(keys)];
  if (query !== null && key !== null && first) {
    const heads = first.want.heads;
    const head = heads?.length === 1 ? (heads[0] ?? null) : null;
    const weight = cellAt(first.cells, query, key)?.value ?? 0;
    return { token: { side: "query", index: query }, link: { query, key, head, weight } };
  }
  if (query !== null) return { token: { side: "query", index: query } };
  return key === null ? null : { token: { side: "key", index: key } };
}

export function isSameTarget(a: HoverTarget | null, b: HoverTarget | null): boolean {
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
