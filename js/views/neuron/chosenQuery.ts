import type { StreamAbout } from "../../state/about";
import type { TokenRef } from "../../state/selection";

/** The query that is shown: the last one pinned, else the hovered one, else a telling one. */
export function chosenQuery(
  pins: TokenRef[],
  hovered: number | null,
  { queries, causal }: StreamAbout,
): number {
  const asked = lastPinned(pins) ?? hovered;
  if (asked !== null) return asked;
  const special = new Set(queries.special);
  const isOrdinary = (_: string, index: number) => !special.has(index);
  // The first query of a causal stream sees only itself, the last one everything.
  const found = causal
    ? queries.text.findLastIndex(isOrdinary)
    : queries.text.findIndex(isOrdinary);
  return Math.max(0, found);
}

/** Pins after a click on a query: it becomes the last one, or is released when it was. */
export function clickQuery(pins: TokenRef[], index: number): TokenRef[] {
  const others = pins.filter((pin) => pin.side !== "query" || pin.index !== index);
  return lastPinned(pins) === index ? others : [...others, { side: "query", index }];
}

/** Pins after an arrow key: the last pinned query gives way to its neighbour. */
export function moveQuery(pins: TokenRef[], index: number): TokenRef[] {
  const last = lastPinned(pins);
  const others = pins.filter(
    (pin) => pin.side !== "query" || (pin.index !== last && pin.index !== index),
  );
  return [...others, { side: "query", index }];
}

function lastPinned(pins: TokenRef[]): number | undefined {
  return pins.findLast(({ side }) => side === "query")?.index;
}
