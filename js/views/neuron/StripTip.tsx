import { formatNumber } from "../../draw/format";
import type { NeuronFrame } from "../../frame/neuron";

/** A cell of a strip that is pointed at; pixels from the table's visible corner. */
export interface StripCell {
  /** null is the query's own strip. */
  key: number | null;
  dimension: number;
  x: number;
  y: number;
}

/** Names the dimension under the pointer and its values. */
export function StripTip({ cell, frame }: { cell: StripCell; frame: NeuronFrame }) {
  const { key, dimension, x, y } = cell;
  const q = frame.query[dimension] ?? 0;
  const k = key === null ? null : (frame.keys[key * frame.dimensions + dimension] ?? 0);
  return (
    <div class="aw-neuron-tip" aria-hidden="true" style={{ left: `${x}px`, top: `${y}px` }}>
      <b>dimension {dimension}</b> q {formatNumber(q)}
      {k !== null && ` × k ${formatNumber(k)} = ${formatNumber(q * k)}`}
    </div>
  );
}
