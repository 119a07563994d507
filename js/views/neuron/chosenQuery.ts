import type { TokenList } from "../../state/about";
import type { TokenRef } from "../../state/selection";

/** The query that is shown: the last one pinned, else the hovered one, else the first real token. */
export function chosenQuery(pins: TokenRef[], hovered: number | null, tokens: TokenList): number {
  const pinned = lastPinned(pins);
  if (pinned !== undefined) return pinned;
  if (hovered !== null) return hovered;
  const special = new Set(tokens.special);
  return Math.max(
    0,
    tokens.text.findIndex((_, index) => !special.has(index)),
  );
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
