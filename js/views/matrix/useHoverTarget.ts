import { type Signal, useSignal } from "@preact/signals";
import type { Hover } from "../view";
import { cellAt } from "./cells";
import { isSameSpot, only, type Spot } from "./hoverTarget";
import type { Shown } from "./useMatrices";

/** What is pointed at, told to the whole widget as far as it is single tokens. */
export function usePointed(hover: Signal<Hover | null>, first: Shown | null) {
  const spot = useSignal<Spot | null>(null);
  const point = (next: Spot | null) => {
    const isSame = isSameSpot(next, spot.peek());
    if (isSame && !next?.at) return;
    spot.value = next;
    if (!isSame) hover.value = next && hoverOf(next, first);
  };
  return { spot, point };
}

function hoverOf({ queries, keys }: Spot, first: Shown | null): Hover | null {
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
