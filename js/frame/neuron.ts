/** One query's way to its attention weights. Arrays over keys unless said otherwise. */
export interface NeuronFrame {
  kind: "neuron";
  dimensions: number;
  keyCount: number;
  query: Float32Array;
  /** (keyCount, dimensions) */
  keys: Float32Array;
  scaled: Float32Array;
  bias: Float32Array | null;
  capped: Float32Array | null;
  allowed: Uint8Array;
  weights: Float32Array;
  scale: number;
  softcap: number | null;
  sink: number | null;
}
