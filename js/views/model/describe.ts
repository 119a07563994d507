import { formatNumber, formatPercent } from "../../draw/format";
import type { MethodRow } from "../../frame/method";
import type { SummaryFrame } from "../../frame/summary";
import type { StreamAbout } from "../../state/about";
import { layersInWords } from "../../state/layers";

/** A share of the mass from which on it is worth a word. */
const NOTABLE = 0.4;

/** "layer 3, head 5" or, where all heads are fused, "layers 0 to 3 together, all heads fused". */
export function headName(
  stream: StreamAbout,
  layer: number,
  head: number,
  method: MethodRow,
): string {
  const heads = method.per_head ? `head ${head}` : "all heads fused";
  return `${layersInWords(method, stream, layer)}, ${heads}`;
}

/**
 * The character of a head: "entropy 0.42, 63 % to the token before"; empty without figures.
 *
 * The figures are those of its attention, so they are left out where another method is shown.
 */
export function headCharacter(
  summary: SummaryFrame | undefined,
  head: number,
  method: MethodRow,
  importance?: string,
): string {
  const matters = importance === undefined ? [] : [importance];
  const entropy = method.is_attention ? summary?.entropy[head] : undefined;
  if (!summary || entropy === undefined) return matters.join("");
  const shares: [Float32Array, string][] = [
    [summary.previous, "to the token before"],
    [summary.diagonal, "to the token itself"],
    [summary.first, "to the first token"],
  ];
  const notable = shares
    .map(([values, name]) => ({ share: values[head] ?? 0, name }))
    .filter(({ share }) => share >= NOTABLE)
    .sort((a, b) => b.share - a.share)[0];
  const words = [...matters, `entropy ${formatNumber(entropy)}`];
  if (notable) words.push(`${formatPercent(notable.share)} ${notable.name}`);
  return words.join(", ");
}
