import type { RowsWant } from "./want";

/** A want for tests: the rows of all heads fused, with what is given changed. */
export function rowsWantOf(change: Partial<RowsWant> = {}): RowsWant {
  return {
    kind: "rows",
    stream: "self",
    layer: 0,
    heads: null,
    method: "attention",
    fusion: "mean",
    discard_ratio: 0,
    target: null,
    hide_special: false,
    hide_first: false,
    pair_filter: "all",
    full: false,
    ...change,
  };
}
