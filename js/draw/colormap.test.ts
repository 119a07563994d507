import { describe, expect, it } from "vitest";
import {
  bluesColors,
  type ColorTable,
  cssGradient,
  divergingColors,
  STEPS,
  sequentialColors,
} from "./colormap";
import { viridisColors } from "./viridis";

/** CIE lightness by the definition of sRGB, independent of the space the colours are made in. */
function lightness(colors: ColorTable, step: number): number {
  const [r = 0, g = 0, b = 0] = [...colors.subarray(step * 4, step * 4 + 3)].map((byte) => {
    const value = byte / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return luminance > 0.008856 ? 116 * Math.cbrt(luminance) - 16 : 903.3 * luminance;
}

describe.each(["light", "dark"] as const)("colours on %s paper", (scheme) => {
  it.each([
    ["sequential", sequentialColors],
    ["blues", bluesColors],
  ])("%s go from paper to ink in nearly equal steps of lightness", (_name, colorsOf) => {
    const colors = colorsOf(scheme);
    const levels = Array.from({ length: 9 }, (_, i) =>
      lightness(colors, Math.round((i / 8) * 255)),
    );
    const steps = levels.slice(1).map((level, i) => level - (levels[i] as number));
    const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
    expect(Math.sign(mean)).toBe(scheme === "light" ? -1 : 1);
    for (const step of steps) expect(step / mean).toBeGreaterThan(0.6);
    for (const step of steps) expect(step / mean).toBeLessThan(1.5);
  });

  it("tell signs apart and are neutral in the middle", () => {
    const colors = divergingColors(scheme);
    const [red = 0, , blue = 0] = colors.subarray(0, 3);
    expect(red).toBeGreaterThan(blue + 60);
    const [red2 = 0, , blue2 = 0] = colors.subarray(255 * 4, 255 * 4 + 3);
    expect(blue2).toBeGreaterThan(red2 + 60);
    const middle = [...colors.subarray(127 * 4, 127 * 4 + 3)];
    expect(Math.max(...middle) - Math.min(...middle)).toBeLessThan(12);
  });

  it("give both signs the same weight", () => {
    const colors = divergingColors(scheme);
    expect(Math.abs(lightness(colors, 0) - lightness(colors, 255))).toBeLessThan(14);
  });
});

it("is opaque and complete", () => {
  const colors = sequentialColors("light");
  expect(colors).toHaveLength(STEPS * 4);
  for (let step = 0; step < STEPS; step++) expect(colors[step * 4 + 3]).toBe(255);
  expect(cssGradient(colors)).toMatch(/^linear-gradient\(to right, rgb\(/);
});

it("has the colours that matplotlib calls viridis, to three levels of 256", () => {
  const colors = viridisColors();
  const published = { 0: [68, 1, 84], 40: [69, 55, 129], 100: [42, 118, 142], 128: [33, 145, 140] };
  for (const [step, wanted] of Object.entries({ ...published, 255: [253, 231, 37] })) {
    wanted.forEach((level, channel) => {
      expect(Math.abs((colors[Number(step) * 4 + channel] as number) - level)).toBeLessThan(3.1);
    });
  }
});
