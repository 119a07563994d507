import type { RawFrame } from "./bytes";
import type { Prediction } from "./predictions";

/** A head that is worth a look, and why. */
export interface Finding {
  stream: string;
  layer: number;
  head: number;
  /** The name of the rule: "induction". */
  kind: string;
  score: number;
  reason: string;
  /** The strongest connection. */
  query: number;
  key: number;
  query_token: string;
  key_token: string;
  /** The method that shows it best. */
  method: string;
}

/** The heads to look at first; see docs/developing/wire-format.md. */
export interface FindingsFrame {
  kind: "findings";
  findings: Finding[];
  notes: string[];
  /** What the model predicts at a position, most probably; null where it predicts nothing. */
  prediction: (Prediction & { position: number | null }) | null;
}

const NUMBERS = ["layer", "head", "score", "query", "key"] as const;
const TEXTS = ["stream", "kind", "reason", "query_token", "key_token", "method"] as const;

export function decodeFindings({ header }: RawFrame): FindingsFrame {
  const { findings, notes, prediction } = header;
  if (!Array.isArray(findings) || !findings.every(isFinding)) {
    throw new Error("A findings frame lists where each head is and why it is worth a look.");
  }
  return {
    kind: "findings",
    findings,
    notes: Array.isArray(notes) ? notes.map(String) : [],
    prediction: (prediction ?? null) as FindingsFrame["prediction"],
  };
}

function isFinding(entry: unknown): entry is Finding {
  const fields = (entry ?? {}) as Record<string, unknown>;
  return (
    NUMBERS.every((name) => typeof fields[name] === "number") &&
    TEXTS.every((name) => typeof fields[name] === "string")
  );
}
