import { type Range, spanOf } from "./geometry";

/** A token that is written at an axis, and how far from the axis' start its middle lies. */
export interface Label {
  index: number;
  middle: number;
}

/**
 * The tokens for which there is room, none nearer to another than `pitch`.
 *
 * Those in `first` go before all others, and among themselves in their order; the others are every
 * second, fifth, tenth … token, counted from the first of the input, so that they stay when the
 * range moves.
 */
export function placeLabels(
  range: Range,
  tokenSize: number,
  pitch: number,
  first: readonly number[],
): Label[] {
  const labels: Label[] = [];
  const place = (index: number) => {
    if (index < range[0] || index >= range[1]) return;
    const middle = (index - range[0] + 0.5) * tokenSize;
    // Halves of a pixel are lost to rounding, not to overlap.
    if (labels.every((label) => Math.abs(label.middle - middle) > pitch - 0.01)) {
      labels.push({ index, middle });
    }
  };
  for (const index of first) place(index);
  if (spanOf(range) > 0 && tokenSize > 0) {
    const stride = roundStride(pitch / tokenSize);
    const start = Math.ceil(range[0] / stride) * stride;
    for (let index = start; index < range[1]; index += stride) place(index);
  }
  return labels.sort((a, b) => a.index - b.index);
}

/** The smallest of 1, 2, 5, 10, 20, 50 … that is not less. */
export function roundStride(least: number): number {
  for (let power = 1; ; power *= 10) {
    for (const digit of [1, 2, 5]) if (digit * power >= least - 0.01) return digit * power;
  }
}
