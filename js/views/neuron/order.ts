import type { NeuronFrame } from "../../frame/neuron";

export type SortBy = "position" | "weight";

/** Keys in the order of their rows: as in the text, or by falling weight with masked ones last. */
export function keyOrder(frame: NeuronFrame, by: SortBy): Uint32Array {
  const order = Uint32Array.from({ length: frame.keyCount }, (_, key) => key);
  if (by === "position") return order;
  const rank = (key: number) => (frame.allowed[key] ? (frame.weights[key] as number) : -1);
  return order.sort((a, b) => rank(b) - rank(a) || a - b);
}
