import { model_view } from "../../../attnwidget/shared/limits.json";
import { type ColorTable, isLightAt, STEPS } from "../../draw/colormap";

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
  const step = Math.round(share * (STEPS - 1));
  const [red, green, blue] = importance.colors.subarray(step * 4);
  const ink = isLightAt(importance.colors, step) ? "black" : "white";
  return { color: `rgb(${red} ${green} ${blue})`, ink };
}

/** A table from nothing to ink through which the ground shows. */
export function inkColors(ink: Ground["ink"]): ColorTable {
  const level = ink === "black" ? 0 : 255;
  return Uint8ClampedArray.from({ length: 4 * STEPS }, (_, at) =>
    at % 4 === 3 ? Math.floor(at / 4) * model_view.ink_on_ground : level,
  );
}
