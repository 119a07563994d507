import type { About, StreamAbout } from "../../state/about";
import { keysOf } from "../../state/about";
import type { Selection, Side, TokenRef } from "../../state/selection";
import { chosenTarget, positionAt, positionOf } from "../../state/target";

/** The token that the text is coloured for, and why it is that one. */
export interface Chosen {
  token: TokenRef;
  why: "pinned" | "target" | "last" | "first";
}

/**
 * The last token that was pinned; else the query at the position of the target; else the last word
 * of a causal stream, whose first ones see little, and the first word of others.
 *
 * Pictures follow the same rule: views/text/chosen.py.
 */
export function chosenToken(about: About, selection: Selection, stream: StreamAbout): Chosen {
  const pinned = selection.tokens_selected.at(-1);
  if (pinned) return { token: pinned, why: "pinned" };
  const target = targetQuery(about, selection, stream);
  if (target !== null) return { token: { side: "query", index: target }, why: "target" };
  const special = new Set(stream.queries.special);
  const isWord = (_: string, index: number) => !special.has(index);
  const { text } = stream.queries;
  const found = stream.causal ? text.findLastIndex(isWord) : text.findIndex(isWord);
  const token: TokenRef = { side: "query", index: Math.max(0, found) };
  return { token, why: stream.causal ? "last" : "first" };
}

function targetQuery(about: About, selection: Selection, stream: StreamAbout): number | null {
  const position = positionOf(chosenTarget(about, selection));
  const count = stream.queries.text.length;
  if (position === null || positionAt({ side: "query", index: 0 }, stream.name) === null) {
    return null;
  }
  const index = position < 0 ? position + count : position;
  return index >= 0 && index < count ? index : null;
}

/** Pins after a click: the token takes the place of the last one, or stands beside it. */
export function pinsAfterClick(pins: TokenRef[], token: TokenRef, isAdded: boolean): TokenRef[] {
  const last = pins.at(-1);
  const isSame = (pin: TokenRef) => pin.side === token.side && pin.index === token.index;
  if (last && isSame(last)) return pins.slice(0, -1);
  const kept = isAdded ? pins : pins.slice(0, -1);
  return [...kept.filter((pin) => !isSame(pin)), token];
}

/** Pins with the shown token seen from the other side. */
export function pinsTurned(pins: TokenRef[], token: TokenRef, side: Side): TokenRef[] {
  return [...pins.slice(0, -1), { side, index: token.index }];
}

export function otherSide(side: Side): Side {
  return side === "query" ? "key" : "query";
}

/** The text of a side. */
export function tokensOf(stream: StreamAbout, side: Side) {
  return side === "query" ? stream.queries : keysOf(stream);
}
