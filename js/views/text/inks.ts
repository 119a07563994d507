import { themes } from "../../../attnwidget/shared/colors.json";
import { type ColorTable, divergingColors, STEPS, sequentialColors } from "../../draw/colormap";
import type { Scheme } from "../../draw/palette";

/** The colours of a step: of the ground and of the letters on it; empty: those of the page. */
export interface Ink {
  ground: string;
  letters: string;
}

const PLAIN: Ink = { ground: "", letters: "" };

/** One of these two has a contrast of 4.58 or more with any colour. */
const [DARK, LIGHT] = ["#000000", "#ffffff"];

/** The page's own ink, also of tokens that are paler where nothing is behind them. */
export const OWN = "var(--aw-text)";

/** That of WCAG 2 for text. */
const LEAST_CONTRAST = 4.5;

/** Steps so close to nothing that the page's own paper is as good. */
const FAINTEST = 2;

const tables = new Map<string, Ink[]>();

/** The colours of a text: from paper to ink, or orange and blue around paper. */
export function textColors(scheme: Scheme, isSigned: boolean): ColorTable {
  return isSigned ? divergingColors(scheme) : sequentialColors(scheme);
}

/** The colours of every step, with the letters that are read best on each. */
export function inksOf(scheme: Scheme, isSigned: boolean): Ink[] {
  const key = `${scheme} ${isSigned}`;
  let inks = tables.get(key);
  if (!inks) {
    const colors = textColors(scheme, isSigned);
    const zero = isSigned ? (STEPS - 1) / 2 : 0;
    inks = Array.from({ length: STEPS }, (_, step) => {
      if (Math.abs(step - zero) < FAINTEST) return PLAIN;
      const [red = 0, green = 0, blue = 0] = colors.subarray(step * 4, step * 4 + 3);
      const letters = lettersOn([red, green, blue], scheme);
      return { ground: `rgb(${red}, ${green}, ${blue})`, letters };
    });
    tables.set(key, inks);
  }
  return inks;
}

type Rgb = readonly [number, number, number];

/** The page's own ink where it can be read: letters that keep theirs are redrawn faster. */
function lettersOn(ground: Rgb, scheme: Scheme): string {
  if (contrast(ground, rgbOf(themes[scheme].text)) >= LEAST_CONTRAST) return OWN;
  return contrast(ground, rgbOf(DARK)) >= contrast(ground, rgbOf(LIGHT)) ? DARK : LIGHT;
}

/** The contrast ratio of WCAG 2. */
export function contrast(one: Rgb, other: Rgb): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(color: Rgb): number {
  const [red = 0, green = 0, blue = 0] = color.map((byte) => {
    const share = byte / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
