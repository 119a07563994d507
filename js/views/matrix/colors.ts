import { bluesColors, type ColorTable, divergingColors } from "../../draw/colormap";
import type { Scheme } from "../../draw/palette";
import { viridisColors } from "../../draw/viridis";
import type { Selection } from "../../state/selection";

/** Magnitudes in the chosen colours; values with signs are orange and blue around paper. */
export function colorsOf(
  colormap: Selection["colormap"],
  scheme: Scheme,
  isSigned: boolean,
): ColorTable {
  if (isSigned) return divergingColors(scheme);
  return colormap === "blues" ? bluesColors(scheme) : viridisColors();
}
