import { bluesColors, type ColorTable, divergingColors } from "../../draw/colormap";
import type { Scheme } from "../../draw/palette";
import { viridisColors } from "../../draw/viridis";
import type { Selection } from "../../state/selection";

/** Magnitudes in the chosen colours; a difference is orange and blue around paper. */
export function colorsOf(
  colormap: Selection["colormap"],
  scheme: Scheme,
  isDifference: boolean,
): ColorTable {
  if (isDifference) return divergingColors(scheme);
  return colormap === "blues" ? bluesColors(scheme) : viridisColors();
}
