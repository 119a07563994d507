import { STEPS } from "../../draw/colormap";
import type { MatrixFrame } from "../../frame/matrix";
import type { Selection } from "../../state/selection";

/** The values at both ends of the colours. */
export interface Scale {
  low: number;
  high: number;
}

/**
 * One scale for all the matrices shown.
 *
 * A difference has zero in the middle, and as much room for either sign.
 */
export function scaleOf(
  frames: Pick<MatrixFrame, "low" | "high">[],
  kind: Selection["scale"],
  isDifference: boolean,
): Scale {
  if (kind === "unit") return { low: isDifference ? -1 : 0, high: 1 };
  const low = Math.min(...frames.map((frame) => frame.low));
  const high = Math.max(...frames.map((frame) => frame.high));
  if (!isDifference) return { low, high };
  const most = Math.max(Math.abs(low), Math.abs(high)) || 1;
  return { low: -most, high: most };
}

/** The place of a value among the colours; what lies beyond the scale has the colour of its end. */
export function stepOf({ low, high }: Scale, value: number): number {
  const share = high > low ? (value - low) / (high - low) : 0;
  return Math.round(Math.min(1, Math.max(0, share)) * (STEPS - 1));
}
