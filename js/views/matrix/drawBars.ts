import type { MatrixFrame } from "../../frame/matrix";
import type { Range, Section } from "./geometry";

export interface Bars {
  values: Float32Array;
  range: Range;
  /** The length of one token along the axis, in CSS pixels. */
  tokenSize: number;
  /** The longest bar, and the value it stands for. */
  longest: number;
  top: number;
  /** Bars that lie one below the other and point right, or side by side and point down. */
  direction: "right" | "down";
  colors: { positive: string; negative: string };
}

const THICKEST = 14;

/** Token importance along one axis; where tokens are smaller than a pixel, the largest of a pixel. */
export function drawBars(context: CanvasRenderingContext2D, bars: Bars): void {
  const { values, range, tokenSize, longest, top, direction, colors } = bars;
  // Narrow bars touch: half a pixel more leaves no seams.
  const thickness = tokenSize >= 5 ? Math.min(THICKEST, tokenSize * 0.75) : tokenSize + 0.5;
  const gap = tokenSize >= 5 ? tokenSize - thickness : 0;
  const strongest = new Map<number, number>();
  for (let index = range[0]; index < range[1]; index++) {
    const at = (index - range[0]) * tokenSize;
    const place = tokenSize < 1 ? Math.floor(at) : at + gap / 2;
    const value = values[index] as number;
    if (Math.abs(value) >= Math.abs(strongest.get(place) ?? 0)) strongest.set(place, value);
  }
  for (const [place, value] of strongest) {
    const length = top > 0 ? (Math.abs(value) / top) * longest : 0;
    context.fillStyle = value < 0 ? colors.negative : colors.positive;
    if (direction === "right") context.fillRect(0, place, length, thickness);
    else context.fillRect(place, 0, thickness, length);
  }
}

/** The value of the longest bar in sight: one for both axes and all matrices, so that they compare. */
export function longestBar(
  frames: Pick<MatrixFrame, "incoming" | "outgoing">[],
  { queries, keys }: Section,
): number {
  let most = 0;
  for (const { incoming, outgoing } of frames) {
    for (const value of outgoing.subarray(...queries)) most = Math.max(most, Math.abs(value));
    for (const value of incoming.subarray(...keys)) most = Math.max(most, Math.abs(value));
  }
  return most;
}
