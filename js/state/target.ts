import { allSettings, settingOf } from "../frame/method";
import type { Prediction } from "../frame/predictions";
import type { ContributionsWant, FindingsWant, PredictionsWant } from "../frame/want";
import type { About, SpanRange, TokenList } from "./about";
import type { ContrastTarget, PlacedTarget, Selection, Target, TokenRef } from "./selection";

/** Asks for the predictions of the model at a position; null is the model's default. */
export function predictionsWant(position: number | null): PredictionsWant {
  return { kind: "predictions", position };
}

/** Asks for the tokens or classes of a target that are not among those listed; null if all are. */
export function namesWant(
  target: Target | null,
  listed: readonly Prediction[],
): PredictionsWant | null {
  const named = indicesOf(target).filter((index) => listed.every((each) => each.index !== index));
  return named.length > 0 ? { ...predictionsWant(positionOf(target)), including: named } : null;
}

/** The position at which a target is predicted; null for the default one, and of a span. */
export function positionOf(target: Target | null): number | null {
  return target && target.kind !== "span" ? target.position : null;
}

/** The tokens or classes that a target names. */
export function indicesOf(target: Target | null): number[] {
  if (!target || target.kind === "span") return [];
  const named = target.kind === "contrast" ? [target.index, target.versus] : [target.index];
  return named.filter((index) => index !== null);
}

/** Asks for the heads to look at first, for the target that is chosen for gradients. */
export function findingsWant(about: About, selection: Selection): FindingsWant {
  return { kind: "findings", target: chosenTarget(about, selection) };
}

/** Asks for the parts of the logit that is chosen as target. */
export function contributionsWant(about: About, selection: Selection): ContributionsWant {
  return { kind: "contributions", target: chosenTarget(about, selection) };
}

/** The target that is chosen for gradients; null is the default. */
export function chosenTarget(about: About, selection: Selection): Target | null {
  const setting = allSettings(about).find(({ kind }) => kind === "target");
  return setting?.kind === "target" ? settingOf(selection, setting) : null;
}

/** The tokens at whose positions the model predicts: of an encoder-decoder, the decoder's. */
export function targetTokens({ streams }: About): TokenList {
  const stream = streams.find(({ name }) => name === "decoder") ?? streams[0];
  return stream?.queries ?? { text: [], special: [], continues: [], segments: [] };
}

/** The position of a token of the picture; null where the model predicts nothing at such tokens. */
export function positionAt(token: TokenRef, stream: Selection["stream"]): number | null {
  const isSource = stream === "encoder" || (stream === "cross" && token.side === "key");
  return isSource ? null : token.index;
}

/** The same target at another position: a contrast keeps its tokens, others the likeliest there. */
export function movedTo(
  target: Target | null,
  kind: PlacedTarget["kind"],
  position: number | null,
): PlacedTarget | ContrastTarget {
  return target?.kind === "contrast" ? { ...target, position } : { kind, position, index: null };
}

/** The target with another token or class; the one that it was compared with changes places. */
export function withIndex(
  target: PlacedTarget | ContrastTarget,
  index: number,
): PlacedTarget | ContrastTarget {
  if (target.kind !== "contrast" || target.versus !== index) return { ...target, index };
  return target.index === null
    ? { kind: "logit", position: target.position, index }
    : { ...target, index, versus: target.index };
}

/** The span from one token to another, in whatever order; null where no such span is possible. */
export function spanBetween(
  spans: SpanRange,
  one: number,
  other: number,
): { start: number; stop: number } | null {
  const [start, stop] = [Math.min(one, other), Math.max(one, other) + 1];
  const isWithin = spans.first <= start && stop <= spans.stop;
  return isWithin && !spans.gaps.some((gap) => start <= gap && gap < stop) ? { start, stop } : null;
}

/** The longest span without gaps. */
export function longestSpan({ first, stop, gaps }: SpanRange): { start: number; stop: number } {
  let longest = { start: first, stop: first };
  let start = first;
  for (const end of [...gaps, stop]) {
    if (end - start > longest.stop - longest.start) longest = { start, stop: end };
    start = end + 1;
  }
  return longest;
}
