import { model_view } from "../../../attnwidget/shared/limits.json";
import { type ColorTable, isLightAt, STEPS } from "../../draw/colormap";
import { formatNumber, formatSigned } from "../../draw/format";
import type { StreamAbout } from "../../state/about";
import { layerNumber } from "../../state/layers";
import type { HeadEffects } from "./useHeadEffects";

/** What matters about each head of a stream, and its colours. */
export interface Importance {
  /** (layers, heads); undefined where a layer is not known yet. */
  values: (number[] | undefined)[];
  /** The magnitude of the strongest colour. */
  top: number;
  /** Values diverge around zero. */
  isSigned: boolean;
  colors: ColorTable;
  /** The value of a head in words. */
  words(value: number): string;
  /** The words at the ends of the legend. */
  before: string;
  after: string;
}

/** The background of a thumbnail, and the ink that is legible on it. */
export interface Ground {
  color: string;
  ink: "black" | "white";
}

/** The importance that was given. */
export function importanceOf(values: number[][], colors: ColorTable): Importance {
  const top = Math.max(...values.flat().filter(Number.isFinite), 0) || 1;
  return {
    ...{ values, top, colors, isSigned: false },
    words: (value) => `importance ${formatNumber(value)}`,
    before: "ground: importance 0",
    after: formatNumber(top),
  };
}

/** What the target loses or gains without each head. */
export function effectsOf({ values, exact }: HeadEffects, colors: ColorTable): Importance {
  const known = values.flatMap((layer) => layer ?? []);
  const top = Math.max(...known.map(Math.abs), 0) || 1;
  const isMixed = exact > 0 && exact < values.length;
  const kind = exact === values.length ? "exact" : "estimate";
  const found = isMixed ? `exact in ${exact} of ${values.length} layers, else estimate` : kind;
  return {
    ...{ values, top, colors, isSigned: true },
    words: (value) => `without it ${formatSigned(value)} (${isMixed ? found : kind})`,
    before: `ground: without the head, the target falls by ${formatNumber(top)}`,
    after: `rises by ${formatNumber(top)} (${found})`,
  };
}

/** The value of one head in words; undefined where it is not known. */
export function importanceWords(
  importance: Importance | null,
  layer: number,
  head: number,
): string | undefined {
  const value = importance?.values[layer]?.[head];
  return importance && value !== undefined ? importance.words(value) : undefined;
}

/** The heads of largest magnitude, strongest first: "layer 1 head 2 −0.899". */
export function strongestHeads(
  { values }: Importance,
  stream: StreamAbout,
  most: number,
): string[] {
  return values
    .flatMap((heads, layer) => (heads ?? []).map((value, head) => ({ layer, head, value })))
    .filter(({ value }) => value !== 0)
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .slice(0, most)
    .map(
      ({ layer, head, value }) =>
        `layer ${layerNumber(stream, layer)} head ${head} ${formatSigned(value)}`,
    );
}

/** One head's ground; null where its importance is not known. */
export function groundOf(
  importance: Importance | null,
  layer: number,
  head: number,
): Ground | null {
  const value = importance?.values[layer]?.[head];
  if (!importance || value === undefined || !Number.isFinite(value)) return null;
  const of = value / importance.top;
  const share = Math.min(1, Math.max(0, importance.isSigned ? (of + 1) / 2 : of));
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
