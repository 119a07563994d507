/** Keys by falling weight, for every head and query. Arrays are flat, C order. */
export interface RowsFrame {
  kind: "rows";
  heads: number;
  queries: number;
  /** Entries listed per row. */
  listed: number;
  indices: Uint8Array | Uint16Array | Uint32Array;
  weights: Float32Array;
  /** (heads, queries): the mass of the keys that are not listed. */
  rest: Float32Array;
  hidden: number;
  hiddenMass: number[];
}
