import { formatNumber, formatPercent } from "../../draw/format";
import type { SummaryFrame } from "../../frame/summary";

/** A share of the mass from which on it is worth a word. */
const NOTABLE = 0.4;

/** "layer 3, head 5". */
export function headName(layer: number, head: number): string {
  return `layer ${layer}, head ${head}`;
}

/** What a head is like: "entropy 0.42, 63 % to the token before"; empty without figures. */
export function headCharacter(summary: SummaryFrame | undefined, head: number): string {
  const entropy = summary?.entropy[head];
  if (!summary || entropy === undefined) return "";
  const shares: [Float32Array, string][] = [
    [summary.previous, "to the token before"],
    [summary.diagonal, "to the token itself"],
    [summary.first, "to the first token"],
  ];
  const notable = shares
    .map(([values, name]) => ({ share: values[head] ?? 0, name }))
    .filter(({ share }) => share >= NOTABLE)
    .sort((a, b) => b.share - a.share)[0];
  const words = [`entropy ${formatNumber(entropy)}`];
  if (notable) words.push(`${formatPercent(notable.share)} ${notable.name}`);
  return words.join(", ");
}
