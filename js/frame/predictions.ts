import type { RawFrame } from "./bytes";

/** A token or a class that the model may predict. */
export interface Prediction {
  index: number;
  text: string;
  /** Null of a score, which is no class: of a regression, or a reranker. */
  probability: number | null;
  /** Files of 0.1.0 do not have it. */
  logit?: number | null;
}

/** The predictions of a model at a position, most probable first; see docs/developing/wire-format.md. */
export interface PredictionsFrame {
  kind: "predictions";
  /** The things that the model's head scores; "hidden" where it has no head and predicts nothing. */
  unit: "token" | "class" | "hidden";
  /** Null where the head has no positions. */
  position: number | null;
  predictions: Prediction[];
  /** The indices of what was asked for beside the most probable ones, in the order of the want. */
  included: number[];
}

const UNITS: unknown[] = ["token", "class", "hidden"] satisfies PredictionsFrame["unit"][];

export function decodePredictions({ header }: RawFrame): PredictionsFrame {
  const { unit, position, predictions, included } = header;
  if (!Array.isArray(predictions) || !predictions.every(isPrediction)) {
    throw new Error("A predictions frame lists index, text and probability of each prediction.");
  }
  return {
    kind: "predictions",
    unit: unitOf(unit),
    position: typeof position === "number" ? position : null,
    predictions,
    included: Array.isArray(included) ? included : [],
  };
}

/** The kind of things that are predicted, as a header says it. */
export function unitOf(unit: unknown): PredictionsFrame["unit"] {
  if (!UNITS.includes(unit)) {
    throw new Error(`A predictions frame is of tokens, classes or hidden states, not ${unit}.`);
  }
  return unit as PredictionsFrame["unit"];
}

export function isPrediction(entry: unknown): entry is Prediction {
  const { index, text, probability, logit } = (entry ?? {}) as Record<string, unknown>;
  const isScored =
    typeof probability === "number" || (probability === null && typeof logit === "number");
  return typeof index === "number" && typeof text === "string" && isScored;
}
