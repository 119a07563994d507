/**
 * Colours of heads.
 *
 * Sixteen, found by maximising the smallest OKLab distance between any two as seen with normal,
 * protan, deutan and tritan vision (Machado et al. 2009, severity 1), in both schemes at once; the
 * first few are the farthest apart. A head keeps its hue in both schemes.
 */

export type Scheme = "light" | "dark";

// biome-ignore format: a table
const LIGHT = [
  "#297ece", "#d5b100", "#8b0100", "#501ba7", "#00cdd5", "#55754e", "#91418b", "#045449",
  "#d07d01", "#06ab6f", "#9a7193", "#c93500", "#8ec58a", "#3d51ca", "#770078", "#8798d3",
] as const;

// biome-ignore format: a table
const DARK = [
  "#62affe", "#fedc5b", "#c64e40", "#7f5ddf", "#65f7ff", "#86a67e", "#c475bd", "#49887b",
  "#feac54", "#5ed99c", "#c9a0c2", "#fe704b", "#b9efb5", "#6b88ff", "#af4cae", "#b4c5ff",
] as const;

/** Colour of the lines that stand for all heads together: the accent of theme.css. */
const FUSED = { light: "#4252c4", dark: "#96a3ff" } as const;

export const HEAD_COLORS = LIGHT.length;

/** A head's colour; null is all heads fused. */
export function headColor(head: number | null, scheme: Scheme): string {
  if (head === null) return FUSED[scheme];
  return (scheme === "light" ? LIGHT : DARK)[head % HEAD_COLORS] ?? FUSED[scheme];
}

/** How often a head's colour was given away before: 0 for the first sixteen heads. */
export function colorRound(head: number | null): number {
  return head === null ? 0 : Math.floor(head / HEAD_COLORS);
}

/** The line pattern that tells heads of one colour apart: solid, dashed, dotted, dash and dots. */
export function headDash(head: number | null): number[] {
  const round = colorRound(head);
  if (round === 0) return [];
  if (round === 1) return [6, 4];
  if (round === 2) return [1.5, 3.5];
  return [7, 3, ...Array.from({ length: round - 2 }, () => [1.5, 3]).flat()];
}

/** A CSS background in a head's colour, striped where the colour was given away before. */
export function headFill(head: number | null, scheme: Scheme): string {
  const color = headColor(head, scheme);
  const round = colorRound(head);
  if (round === 0) return color;
  const [on, period] = [6 / round, 6 / round + 2];
  return `repeating-linear-gradient(90deg, ${color} 0 ${on}px, transparent ${on}px ${period}px)`;
}

/** A "#rrggbb" colour with an opacity. */
export function withAlpha(color: string, alpha: number): string {
  const byte = Math.round(Math.min(1, Math.max(0, alpha)) * 255);
  return color + byte.toString(16).padStart(2, "0");
}
