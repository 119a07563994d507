import { neuron_view } from "../../../attnwidget/shared/limits.json";
import type { NeuronFrame } from "../../frame/neuron";

/** Values at or beyond these are drawn in full colour. */
export interface Limits {
  /** For the elements of q and k. */
  vectors: number;
  /** For those of q × k. */
  products: number;
}

/** Bits of a float32 that are cut off to count it; the rest tells sizes apart by 0.8 %. */
const CUT_BITS = 16;

export function limitsOf(frame: NeuronFrame): Limits {
  const { query, keys, dimensions } = frame;
  const products = keys.map((value, i) => value * (query[i % dimensions] as number));
  const vectors = new Float32Array(query.length + keys.length);
  vectors.set(query);
  vectors.set(keys, query.length);
  return {
    vectors: magnitudeAt(vectors, neuron_view.percentile),
    products: magnitudeAt(products, neuron_view.percentile),
  };
}

/**
 * The magnitude that a share of the values does not exceed, to within 0.8 %; at least a tiny one.
 *
 * Positive floats sort as their bits do, so counting by their leading bits takes the place of sorting.
 */
export function magnitudeAt(values: Float32Array, share: number): number {
  const magnitudes = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) magnitudes[i] = Math.abs(values[i] as number);
  const bits = new Uint32Array(magnitudes.buffer);
  const counts = new Uint32Array(1 << (32 - CUT_BITS));
  for (const word of bits) {
    const bin = word >>> CUT_BITS;
    counts[bin] = (counts[bin] as number) + 1;
  }
  let left = Math.ceil(share * values.length);
  let bin = 0;
  while (bin < counts.length - 1 && left > (counts[bin] as number)) left -= counts[bin++] as number;
  const edge = new Float32Array(Uint32Array.of((bin + 1) << CUT_BITS).buffer)[0] as number;
  return Math.max(edge, 1e-12);
}
