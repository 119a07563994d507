import { model_view } from "../../../attnwidget/shared/limits.json";
import { type ColorTable, STEPS } from "../../draw/colormap";

/** The importance of each head of a stream, and its colours. */
export interface Importance {
  /** (layers, heads) */
  values: number[][];
  /** The value of the strongest colour. */
  top: number;
  colors: ColorTable;
}

/** The background of a thumbnail, and the ink that is legible on it. */
export interface Ground {
  color: string;
  ink: "black" | "white";
}

export function importanceOf(values: number[][], colors: ColorTable): Importance {
  return { values, top: Math.max(...values.flat().filter(Number.isFinite), 0) || 1, colors };
}

/** One head's ground; null where its importance is not known. */
export function groundOf(
  importance: Importance | null,
  layer: number,
  head: number,
): Ground | null {
  const value = importance?.values[layer]?.[head];
  if (!importance || value === undefined || !Number.isFinite(value)) return null;
  const share = Math.min(1, Math.max(0, value / importance.top));
  const at = Math.round(share * (STEPS - 1)) * 4;
  const [red = 0, green = 0, blue = 0] = importance.colors.subarray(at, at + 3);
  const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
  return { color: `rgb(${red} ${green} ${blue})`, ink: luma > 140 ? "black" : "white" };
}

/** A table from nothing to ink through which the ground shows. */
export function inkColors(ink: Ground["ink"]): ColorTable {
  const level = ink === "black" ? 0 : 255;
  return Uint8ClampedArray.from({ length: 4 * STEPS }, (_, at) =>
    at % 4 === 3 ? Math.floor(at / 4) * model_view.ink_on_ground : level,
  );
}
