import { isPinned, togglePin } from "../../state/pins";
import type { TokenRef } from "../../state/selection";

/** Pins the query and the key of a cell; releases both when both are pinned. */
export function togglePair(pins: TokenRef[], query: number, key: number): TokenRef[] {
  const pair = pairOf(query, key);
  const missing = pair.filter((token) => !isPinned(pins, token));
  return (missing.length > 0 ? missing : pair).reduce(togglePin, pins);
}

/** Pins a query and a key and nothing else; nothing at all when that is so. */
export function soloPair(pins: TokenRef[], query: number, key: number): TokenRef[] {
  const pair = pairOf(query, key);
  const isSolo = pins.length === 2 && pair.every((token) => isPinned(pins, token));
  return isSolo ? [] : pair;
}

function pairOf(query: number, key: number): TokenRef[] {
  return [
    { side: "query", index: query },
    { side: "key", index: key },
  ];
}
