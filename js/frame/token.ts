import { floatsOf, type RawFrame } from "./bytes";
import type { Precise } from "./precision";

/** The scores of one token: from a query to every key, or from every query to a key. */
export interface TokenFrame extends Precise {
  kind: "token";
  /** One for each token of the other side. */
  values: Float32Array;
  /** Number of keys that are left out. */
  hidden: number;
  /** The share of the row that they held; of a column, the mean over all rows. */
  hiddenMass: number;
}

export function decodeToken(raw: RawFrame): TokenFrame {
  const { values } = floatsOf(raw, "values", 1);
  const { hidden, hidden_mass } = raw.header as { hidden?: number; hidden_mass?: number };
  return { kind: "token", values, hidden: hidden ?? 0, hiddenMass: hidden_mass ?? 0 };
}
