import type { RawFrame } from "./bytes";
import { type PredictionsFrame, unitOf } from "./predictions";

/** How likely a token or class is in one run. */
export interface Measure {
  /** Null of a score, which is no class. */
  probability: number | null;
  logit: number | null;
}

/** A token or class in the run with everything and in the one without what was cut. */
export interface ChangedPrediction {
  index: number;
  text: string;
  /** Null where it is not among the likeliest. */
  before: Measure | null;
  after: Measure | null;
}

/** What changes if attention is taken away; see docs/developing/wire-format.md. */
export interface KnockoutFrame {
  kind: "knockout";
  unit: PredictionsFrame["unit"];
  /** Null where the head has no positions. */
  position: number | null;
  predictions: ChangedPrediction[];
  value_before: number;
  value_after: number;
  /** KL(before ‖ after) of all predictions, in nats; null where there is none. */
  kl: number | null;
  /** Why there is none, in words. */
  no_kl: string;
  /** Rows of attention that have no key left. */
  emptied: number;
}

export function decodeKnockout({ header }: RawFrame): KnockoutFrame {
  const { unit, position, predictions, value_before, value_after, kl, no_kl, emptied } = header;
  if (typeof value_before !== "number" || typeof value_after !== "number") {
    throw new Error("A knockout frame tells the target before and after.");
  }
  if (!Array.isArray(predictions) || !predictions.every(isChanged)) {
    throw new Error("A knockout frame lists index, text, before and after of each prediction.");
  }
  return {
    kind: "knockout",
    unit: unitOf(unit),
    position: typeof position === "number" ? position : null,
    predictions,
    value_before,
    value_after,
    kl: typeof kl === "number" ? kl : null,
    no_kl: typeof no_kl === "string" ? no_kl : "",
    emptied: typeof emptied === "number" ? emptied : 0,
  };
}

function isChanged(entry: unknown): entry is ChangedPrediction {
  const { index, text, before, after } = (entry ?? {}) as Record<string, unknown>;
  return (
    typeof index === "number" && typeof text === "string" && isMeasure(before) && isMeasure(after)
  );
}

function isMeasure(value: unknown): boolean {
  if (value === null) return true;
  const { probability, logit } = (value ?? {}) as Record<string, unknown>;
  return typeof probability === "number" || typeof logit === "number";
}
