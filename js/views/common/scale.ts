import { bluesColors, type ColorTable, divergingColors, STEPS } from "../../draw/colormap";
import type { Scheme } from "../../draw/palette";
import { viridisColors } from "../../draw/viridis";
import type { MatrixFrame } from "../../frame/matrix";
import type { Selection } from "../../state/selection";

/** The map from values to colours. */
export interface Scale {
  /** The values at both ends of the colours. */
  low: number;
  high: number;
  /** Zero is in the middle, with as much room for either sign. */
  isSigned: boolean;
  /** Equal steps of colour are equal steps of the value, or else of its square root. */
  isLinear: boolean;
  /** Some values lie beyond the scale. */
  isExceeded: boolean;
}

/** Rounding may take a share beyond one. */
const SLACK = 1e-3;

/**
 * One scale for all the matrices shown: −1 or 0 to 1, or fitted to their values.
 *
 * The fitted one goes by the square root: a few connections tend to be many times as strong as all
 * others, which would have one colour otherwise.
 */
export function scaleOf(
  frames: Pick<MatrixFrame, "low" | "high">[],
  kind: Selection["scale"],
  isSigned: boolean,
): Scale {
  const low = Math.min(...frames.map((frame) => frame.low));
  const high = Math.max(...frames.map((frame) => frame.high));
  const most = Math.max(Math.abs(low), Math.abs(high));
  if (kind === "unit") {
    return {
      low: isSigned ? -1 : 0,
      high: 1,
      isSigned,
      isLinear: true,
      isExceeded: most > 1 + SLACK,
    };
  }
  const ends = isSigned ? { low: -most || -1, high: most || 1 } : { low, high };
  return { ...ends, isSigned, isLinear: false, isExceeded: false };
}

/** The place of a value among the colours; what lies beyond the scale has the colour of its end. */
export function stepOf(scale: Scale, value: number): number {
  const { low, high, isSigned, isLinear } = scale;
  const bend = (share: number) => {
    const within = Math.min(1, Math.max(0, share));
    return isLinear ? within : Math.sqrt(within);
  };
  if (isSigned) {
    const share = Math.sign(value) * bend(Math.abs(value) / high);
    return Math.round(((1 + share) / 2) * (STEPS - 1));
  }
  return Math.round(bend(high > low ? (value - low) / (high - low) : 0) * (STEPS - 1));
}

/** The values at even distances along the colours, ends included. */
export function ticksOf({ low, high, isSigned, isLinear }: Scale): number[] {
  const bend = (share: number) => (isLinear ? share : share ** 2);
  if (isSigned) return [-1, -0.5, 0, 0.5, 1].map((at) => Math.sign(at) * bend(Math.abs(at)) * high);
  return [0, 0.5, 1].map((at) => low + bend(at) * (high - low));
}

/** Magnitudes in the chosen colours; values with signs are orange and blue around paper. */
export function colorsOf(
  colormap: Selection["colormap"],
  scheme: Scheme,
  isSigned: boolean,
): ColorTable {
  if (isSigned) return divergingColors(scheme);
  return colormap === "blues" ? bluesColors(scheme) : viridisColors();
}
