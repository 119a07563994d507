import type { RawFrame } from "./bytes";
import { isPrediction, type Prediction } from "./predictions";

/** The tokens that a model would put in the place of one; see docs/developing/wire-format.md. */
export interface AlternativesFrame {
  kind: "alternatives";
  predictions: Prediction[];
  /** The token that is there. */
  current: number;
  /** The token of the text that was asked for. */
  named: number | null;
  /** Why the model proposes none; null where it does. */
  why: string | null;
}

export function decodeAlternatives({ header }: RawFrame): AlternativesFrame {
  const { predictions, current, named, why } = header;
  if (!Array.isArray(predictions) || !predictions.every(isPrediction)) {
    throw new Error("An alternatives frame lists index, text and probability of each token.");
  }
  if (typeof current !== "number") throw new Error("An alternatives frame names the token there.");
  return {
    kind: "alternatives",
    predictions,
    current,
    named: typeof named === "number" ? named : null,
    why: typeof why === "string" ? why : null,
  };
}
