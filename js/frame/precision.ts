/** Values of a file are good to this share of themselves: half a step of their codes. */
export const RELATIVE = 1 / 590;

/** The precision of a frame that was made from a file; a kernel's frames do not name theirs. */
export interface Precise {
  /** (heads, queries): how far off the values of a row may be beyond a share of themselves. */
  floors?: Float32Array;
  /** Number of keys that are left out. */
  hidden?: number;
}

/**
 * The largest error of a value of a row; null if it comes from a kernel.
 *
 * If keys are hidden, the rest of a row is divided by its sum and multiplied by that of the whole row,
 * which are as precise as the values; a value that is nearly all that is left is as large as the sum.
 */
export function errorOf({ floors, hidden }: Precise, row: number, value: number): number | null {
  const floor = floors?.[row];
  return floor === undefined ? null : RELATIVE * spread(Math.abs(value), hidden) + floor;
}

/** The largest error of a row's values, given the largest of them. */
export function largestError(precise: Precise, row: number, largest: number): number {
  const size = precise.hidden ? Math.min(largest, MOST_SPREAD) : largest;
  return Math.max(errorOf(precise, row, size) ?? 0, errorOf(precise, row, largest) ?? 0);
}

/** The value at which the errors of a rescaled row are largest. */
const MOST_SPREAD = 0.75;

function spread(size: number, hidden = 0): number {
  return hidden > 0 ? size * (3 - 2 * Math.min(1, size)) : size;
}
