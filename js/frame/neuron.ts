import { arrayOf, floatsOf, type RawFrame } from "./bytes";

/** One query's way to its attention weights. Arrays over keys unless said otherwise. */
export interface NeuronFrame {
  kind: "neuron";
  dimensions: number;
  keyCount: number;
  /** (dimensions,) */
  query: Float32Array;
  /** (keyCount, dimensions), flat, C order. */
  keys: Float32Array;
  /** q·k times the scale. */
  scaled: Float32Array;
  /** After the soft cap. */
  capped: Float32Array | null;
  /** Added after the soft cap. */
  bias: Float32Array | null;
  /** 0 where the mask forbids. */
  allowed: Uint8Array;
  weights: Float32Array;
  scale: number;
  softcap: number | null;
  /** The logit of a sink, learned or silence, which takes part in the softmax but is no token. */
  sink: number | null;
}

export function decodeNeuron(raw: RawFrame): NeuronFrame {
  const keys = floatsOf(raw, "keys", 2);
  const [keyCount = 0, dimensions = 0] = keys.shape;
  const vector = (name: string, length: number): Float32Array => {
    const { values } = floatsOf(raw, name, 1);
    if (values.length !== length) {
      throw new Error(`"${name}" of a neuron frame holds ${values.length} values, not ${length}.`);
    }
    return values;
  };
  const optional = (name: string) => (name in raw.arrays ? vector(name, keyCount) : null);
  const allowed = arrayOf(raw, "allowed", 1).values;
  if (!(allowed instanceof Uint8Array) || allowed.length !== keyCount) {
    throw new Error(`"allowed" of a neuron frame holds one byte for each of ${keyCount} keys.`);
  }
  const { scale, softcap, sink } = raw.header as Record<string, unknown>;
  if (typeof scale !== "number") throw new Error('A neuron frame states its "scale".');
  return {
    kind: "neuron",
    dimensions,
    keyCount,
    query: vector("query", dimensions),
    keys: keys.values,
    scaled: vector("scaled", keyCount),
    capped: optional("capped"),
    bias: optional("bias"),
    allowed,
    weights: vector("weights", keyCount),
    scale,
    softcap: typeof softcap === "number" ? softcap : null,
    sink: typeof sink === "number" ? sink : null,
  };
}
