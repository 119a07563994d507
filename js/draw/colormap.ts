/**
 * Colours of magnitudes and of signed values, as tables of 256 steps.
 *
 * Interpolated in OKLab (Ottosson 2020) so that equal steps of the value are equal steps to the eye.
 */
import { colormaps } from "../../attnwidget/shared/colors.json";
import type { Scheme } from "./palette";

/** 256 colours, four bytes each: red, green, blue and 255. */
export type ColorTable = Uint8ClampedArray;

type Lab = readonly [lightness: number, a: number, b: number];

export const STEPS = 256;

/** Lightness, chroma and hue. */
type Lch = [lightness: number, chroma: number, hue: number];

const tables = new Map<string, ColorTable>();

/** Magnitudes from paper to ink, by way of teal and blue: step 0 is nothing, step 255 the largest. */
export function sequentialColors(scheme: Scheme): ColorTable {
  return table("ink", scheme);
}

/** Magnitudes from white (in the dark: from black) to blue. */
export function bluesColors(scheme: Scheme): ColorTable {
  return table("blues", scheme);
}

/** Signed values: step 0 is the most negative (orange), 255 the most positive (blue). */
export function divergingColors(scheme: Scheme): ColorTable {
  return table("signed", scheme);
}

/** A picture with a table's colour for every cell, row by row. */
export function cellImage(
  context: CanvasRenderingContext2D,
  columns: number,
  rows: number,
  colors: ColorTable,
  stepOf: (cell: number) => number,
): HTMLCanvasElement {
  const image = context.createImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const table = new Uint32Array(colors.buffer);
  for (let cell = 0; cell < pixels.length; cell++) pixels[cell] = table[stepOf(cell)] as number;
  const canvas = context.canvas.ownerDocument.createElement("canvas");
  canvas.width = columns;
  canvas.height = rows;
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return canvas;
}

/** True where dark ink is read on a step's colour better than white. */
export function isLightAt(colors: ColorTable, step: number): boolean {
  const [red = 0, green = 0, blue = 0] = colors.subarray(step * 4, step * 4 + 3);
  return 0.299 * red + 0.587 * green + 0.114 * blue > 135;
}

/** A table as a CSS gradient to the right, for legends. */
export function cssGradient(colors: ColorTable): string {
  const stops = Array.from({ length: 9 }, (_, stop) => {
    const at = Math.round((stop / 8) * (STEPS - 1)) * 4;
    return `rgb(${colors[at]} ${colors[at + 1]} ${colors[at + 2]})`;
  });
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

function table(name: keyof typeof colormaps, scheme: Scheme): ColorTable {
  const key = `${name} ${scheme}`;
  let colors = tables.get(key);
  if (!colors) {
    const anchors = (colormaps[name][scheme] as Lch[]).map(toLab);
    colors = new Uint8ClampedArray(STEPS * 4);
    for (let step = 0; step < STEPS; step++) {
      colors.set([...toRgb(mix(anchors, step / (STEPS - 1))), 255], step * 4);
    }
    tables.set(key, colors);
  }
  return colors;
}

function mix(anchors: readonly Lab[], at: number): Lab {
  const position = at * (anchors.length - 1);
  const left = Math.min(Math.floor(position), anchors.length - 2);
  const [from, to] = [anchors[left] as Lab, anchors[left + 1] as Lab];
  const share = position - left;
  const between = (i: 0 | 1 | 2) => from[i] + (to[i] - from[i]) * share;
  return [between(0), between(1), between(2)];
}

function toLab([lightness, chroma, hue]: Lch): Lab {
  const angle = (hue * Math.PI) / 180;
  return [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)];
}

/** OKLab to sRGB bytes; the matrices are those of Ottosson's definition. */
function toRgb([lightness, a, b]: Lab): [number, number, number] {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    gamma(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function gamma(linear: number): number {
  const value = Math.min(1, Math.max(0, linear));
  return 255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055);
}
