import { formatNumber, formatPercent, formatSigned, plural } from "../../draw/format";
import { namesOfHeads } from "../../draw/headsText";
import { capital } from "../../draw/methodText";
import { hasShares, type MethodRow, usesFusion } from "../../frame/method";
import type { RowsFrame } from "../../frame/rows";
import type { StatisticsFrame } from "../../frame/statistics";
import type { SummaryFrame } from "../../frame/summary";
import type { RowsWant } from "../../frame/want";
import type { StreamAbout } from "../../state/about";
import { layersInWords } from "../../state/layers";

/** "Layer 3, head 5", "Rollout, layers 0 to 3 together, all 12 heads, mean". */
export function titleOf(want: RowsWant, method: MethodRow, stream: StreamAbout): string {
  const name = method.is_attention ? "" : `${method.title}, `;
  const heads = headsInWords(want, method, stream.heads);
  return capital(`${name}${layersInWords(method, stream, want.layer)}, ${heads}`);
}

/** "head 5", "heads 1, 4 and 7", "all 12 heads, mean". */
export function headsInWords(
  { heads, fusion }: RowsWant,
  method: MethodRow,
  count: number,
): string {
  if (heads === null) return `all ${count} heads${usesFusion(method) ? `, ${fusion}` : ""}`;
  if (heads.length > 1 && heads.length === count) return `all ${count} heads, each in its colour`;
  if (heads.length > 6) return `${heads.length} of ${count} heads`;
  return namesOfHeads(heads);
}

/** The number of hidden keys and their share of the rows; null where none is hidden. */
export function hiddenInWords(frame: RowsFrame, method: MethodRow): string | null {
  if (frame.hidden === 0) return null;
  const { hiddenMass } = frame;
  const mean = hiddenMass.reduce((a, b) => a + b, 0) / Math.max(1, hiddenMass.length);
  const verb = frame.hidden === 1 ? "is" : "are";
  const held = `${plural(frame.hidden, "key")} ${verb} hidden; they held ${formatPercent(mean)} of the ${method.title}`;
  return method.signed
    ? `${held}, by magnitude. What is left is not rescaled.`
    : `${held}. Rows are renormalised.`;
}

/** The figures of one head or, for several, their mean. */
export function figuresOf(summary: SummaryFrame, heads: number[] | null): [string, string][] {
  const chosen = heads ?? Array.from(summary.entropy, (_, head) => head);
  const mean = (values: Float32Array) =>
    chosen.reduce((sum, head) => sum + (values[head] ?? 0), 0) / chosen.length;
  const figures: [string, Float32Array, (value: number) => string][] = [
    ["entropy, of the maximum", summary.entropy, formatNumber],
    ["effective tokens of a row", summary.effective, formatNumber],
    ["on the first token", summary.first, formatPercent],
    ["on the token itself", summary.diagonal, formatPercent],
    ["on the token before", summary.previous, formatPercent],
  ];
  // Between two different texts there is no "own" token.
  return figures
    .filter(([, values]) => !Number.isNaN(mean(values)))
    .map(([name, values, format]) => [name, format(mean(values))]);
}

/** A row of figures: its label, its key in the frame, and its format. */
type Figure = [label: string, name: string, format: (value: number) => string];

function figuresFor(method: MethodRow): Figure[] {
  const share = hasShares(method) ? formatPercent : formatNumber;
  // Those that the summary of a layer has are left to it.
  const summarised: Figure[] = [
    ["entropy, of the maximum", "normalized_entropy", formatNumber],
    ["effective tokens of a row", "effective_tokens", formatNumber],
    ["on the token itself", "diagonal_mean", share],
  ];
  return [
    ...(method.is_attention ? [] : summarised),
    ["Gini coefficient", "gini", formatNumber],
    ["within three tokens", "locality", formatPercent],
    ["largest value", "max", formatNumber],
    ...(method.signed ? SIGNED : []),
  ];
}

/** Figures of scores with signs; all others but the values themselves are of magnitudes. */
const SIGNED: Figure[] = [
  ["smallest value", "min", formatNumber],
  ["sum of all values", "total", formatSigned],
  ["negative, of all magnitudes", "negative", formatPercent],
];

/** The figures of one matrix; undefined: they are on their way, and their places are kept. */
export function statisticsOf(
  frame: StatisticsFrame | undefined,
  method: MethodRow,
): [string, string][] {
  const figures = figuresFor(method).flatMap(([label, name, format]): [string, string][] => {
    if (!frame) return [[label, ON_ITS_WAY]];
    const value = frame.statistics[name];
    return typeof value === "number" ? [[label, format(value)]] : [];
  });
  const pattern = frame?.pattern === "bos" ? "first token (bos)" : frame?.pattern;
  return [["pattern", pattern ?? ON_ITS_WAY], ...figures];
}

const ON_ITS_WAY = "…";

/** The most and the least focused head of a layer. */
export function rangeInWords({ entropy }: SummaryFrame): string {
  const heads = Array.from(entropy, (_, head) => head).sort(
    (a, b) => (entropy[a] ?? 0) - (entropy[b] ?? 0),
  );
  const [low = 0, high = 0] = [heads[0], heads.at(-1)];
  return `Most focused is head ${low} (entropy ${formatNumber(entropy[low] ?? 0)}), most diffuse head ${high} (${formatNumber(entropy[high] ?? 0)}).`;
}
