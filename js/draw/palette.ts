/**
 * Colours of heads, and of signs.
 *
 * Sixteen, found by maximising the smallest OKLab distance between any two as seen with normal,
 * protan, deutan and tritan vision (Machado et al. 2009, severity 1), in both schemes at once; the
 * first few are the farthest apart. A head keeps its hue in both schemes.
 */
import { accent, dashes, heads, signs } from "../../attnwidget/shared/colors.json";

export type Scheme = "light" | "dark";

export const HEAD_COLORS = heads.light.length;

/** A head's colour; null is all heads fused. */
export function headColor(head: number | null, scheme: Scheme): string {
  if (head === null) return accent[scheme];
  return heads[scheme][head % HEAD_COLORS] ?? accent[scheme];
}

/** The colour of values above zero, or below it. */
export function signColor(value: number, scheme: Scheme): string {
  return value < 0 ? signs[scheme].negative : signs[scheme].positive;
}

/** The number of earlier heads of the same colour: 0 for the first sixteen heads. */
export function colorRound(head: number | null): number {
  return head === null ? 0 : Math.floor(head / HEAD_COLORS);
}

/** The line pattern that tells heads of one colour apart: solid, dashed, dotted, dash and dots. */
export function headDash(head: number | null): number[] {
  const round = colorRound(head);
  const extraDots = Array.from({ length: round + 1 - dashes.length }, () => [1.5, 3]).flat();
  return [...(dashes[Math.min(round, dashes.length - 1)] ?? []), ...extraDots];
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
