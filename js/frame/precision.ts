/** Values of a file are good to this share of themselves: half a step of their codes. */
export const RELATIVE = 1 / 590;

/** The precision of a frame that was made from a file; a kernel's frames do not name theirs. */
export interface Precise {
  /** (heads, queries): how far off the values of a row may be beyond a share of themselves. */
  floors?: Float32Array;
  /** Number of keys that are left out. */
  hidden?: number;
  /** What is left of a row is not scaled: its values have signs and are no shares of it. */
  unscaled?: boolean;
}

/**
 * The largest error of a value of a row; null if it comes from a kernel.
 *
 * If keys are hidden, the rest of a row is divided by its sum and multiplied by that of the whole row,
 * which are as precise as the values; a value that is nearly all that is left is as large as the sum.
 */
export function errorOf(precise: Precise, row: number, value: number): number | null {
  const floor = precise.floors?.[row];
  return floor === undefined ? null : RELATIVE * spread(Math.abs(value), precise) + floor;
}

/** The largest error of a row's values, given the largest of them. */
export function largestError(precise: Precise, row: number, largest: number): number {
  const size = isScaled(precise) ? Math.min(largest, MOST_SPREAD) : largest;
  return Math.max(errorOf(precise, row, size) ?? 0, errorOf(precise, row, largest) ?? 0);
}

/** The value at which the errors of a rescaled row are largest. */
const MOST_SPREAD = 0.75;

function spread(size: number, precise: Precise): number {
  return isScaled(precise) ? size * (3 - 2 * Math.min(1, size)) : size;
}

function isScaled({ hidden = 0, unscaled = false }: Precise): boolean {
  return hidden > 0 && !unscaled;
}
