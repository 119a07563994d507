import type { PredictionsWant } from "../frame/want";
import type { About, TokenList } from "./about";
import type { Selection, Target, TokenRef } from "./selection";

/** Asks for the predictions of the model at a position; null is the model's default. */
export function predictionsWant(position: number | null): PredictionsWant {
  return { kind: "predictions", position };
}

/** The tokens at whose positions the model predicts: of an encoder-decoder, the decoder's. */
export function targetTokens({ streams }: About): TokenList {
  const stream = streams.find(({ name }) => name === "decoder") ?? streams[0];
  return stream?.queries ?? { text: [], special: [], continues: [], segments: [] };
}

/** The target at a token of the picture; null where the model predicts nothing at such tokens. */
export function targetAt(
  token: TokenRef,
  stream: Selection["stream"],
  kind: Target["kind"],
): Target | null {
  const isSource = stream === "encoder" || (stream === "cross" && token.side === "key");
  return isSource ? null : { kind, position: token.index, index: null };
}
