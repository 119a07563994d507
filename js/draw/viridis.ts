import { viridis } from "../../attnwidget/shared/colors.json";
import { type ColorTable, STEPS } from "./colormap";

const ANCHORS = viridis.map((color) => Number.parseInt(color.slice(1), 16));

let table: ColorTable | undefined;

/**
 * Viridis (Smith, van der Walt and Firing 2015, CC0), which is the same on every paper.
 *
 * Perceptually uniform, and legible to colour-blind readers and in grey.
 */
export function viridisColors(): ColorTable {
  table ??= build();
  return table;
}

function build(): ColorTable {
  const colors = new Uint8ClampedArray(STEPS * 4);
  for (let step = 0; step < STEPS; step++) {
    const position = (step / (STEPS - 1)) * (ANCHORS.length - 1);
    const left = Math.min(Math.floor(position), ANCHORS.length - 2);
    const [from, to] = [ANCHORS[left] as number, ANCHORS[left + 1] as number];
    const between = (shift: number) => {
      const [start, end] = [(from >> shift) & 0xff, (to >> shift) & 0xff];
      return start + (end - start) * (position - left);
    };
    colors.set([between(16), between(8), between(0), 255], step * 4);
  }
  return colors;
}
