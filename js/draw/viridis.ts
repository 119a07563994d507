import { type ColorTable, STEPS } from "./colormap";

/** Every eighth of the 256 colours. */
// biome-ignore format: a table
const ANCHORS = [
  0x440154, 0x470d60, 0x48186a, 0x482374, 0x472d7b, 0x453781, 0x424086, 0x3e4989, 0x3b528b,
  0x375b8d, 0x33638d, 0x2f6b8e, 0x2c728e, 0x297a8e, 0x26828e, 0x23898e, 0x21918c, 0x1f978b,
  0x1f9f88, 0x21a685, 0x27ad81, 0x31b57b, 0x3dbc74, 0x4cc26c, 0x5cc863, 0x6ece58, 0x81d34d,
  0x95d840, 0xaadc32, 0xc0df25, 0xd5e21a, 0xeae51a, 0xfde725,
] as const;

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
