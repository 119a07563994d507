/** One number per head of a layer; see docs/internals.md. */
export interface SummaryFrame {
  kind: "summary";
  entropy: Float32Array;
  effective: Float32Array;
  first: Float32Array;
  diagonal: Float32Array;
  previous: Float32Array;
}
