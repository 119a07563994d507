import { arrayOf, floatsOf, type RawFrame } from "../frame/bytes";
import type { NeuronFrame } from "../frame/neuron";

/** One query out of a frame of all queries of a head; see docs/developing/exported-files.md. */
export function neuronFrame(raw: RawFrame, query: number): NeuronFrame {
  const keys = floatsOf(raw, "keys", 2);
  const [keyCount = 0, dimensions = 0] = keys.shape;
  const row = (name: string, length: number) =>
    floatsOf(raw, name, 2).values.subarray(query * length, (query + 1) * length);
  const optional = (name: string) => (name in raw.arrays ? row(name, keyCount) : null);
  const allowed = arrayOf(raw, "allowed", 2).values;
  const { scale, softcap, sink } = raw.header as Record<"scale" | "softcap" | "sink", number>;
  return {
    ...{ kind: "neuron", dimensions, keyCount, keys: keys.values, scale },
    ...{ query: row("query", dimensions), scaled: row("scaled", keyCount) },
    ...{ capped: optional("capped"), bias: optional("bias"), weights: row("weights", keyCount) },
    allowed: Uint8Array.from(allowed.subarray(query * keyCount, (query + 1) * keyCount)),
    ...{ softcap: softcap ?? null, sink: sink ?? null },
  };
}
