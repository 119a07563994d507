/** Numbers as they are shown: three significant digits, tabular, with a real minus sign. */

const SMALLEST = 1e-4;

/** Three significant digits; small magnitudes as a power of ten, e.g. "0.042", "1.3e−6". */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "n/a" : value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const magnitude = Math.abs(value);
  const text =
    magnitude < SMALLEST || magnitude >= 1e6
      ? value.toExponential(1)
      : magnitude >= 1000
        ? formatCount(value)
        : withoutExponent(value);
  return text.replaceAll("-", "−").replace("e+", "e");
}

/** A number with its sign in any case, "+0.42" or "−0.42"; zero has none. */
export function formatSigned(value: number): string {
  return value > 0 ? `+${formatNumber(value)}` : formatNumber(value);
}

/** A share as percent with three significant digits, e.g. "41.8 %"; below 0.1 % it says so. */
export function formatPercent(share: number): string {
  if (!Number.isFinite(share)) return "n/a";
  const percent = share * 100;
  if (percent === 0) return "0 %";
  if (Math.abs(percent) < 0.1) return percent > 0 ? "< 0.1 %" : "> −0.1 %";
  if (percent > 99.95 && percent < 100) return "> 99.9 %";
  const digits = Math.abs(percent) < 1 ? 2 : 3;
  return `${percent.toPrecision(digits)} %`.replaceAll("-", "−");
}

/** A share that was chosen rather than measured, without digits that say nothing, e.g. "80 %". */
export function formatSetting(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

/** A number and how far off it may be, where that is known, e.g. "0.418 ± 0.0008". */
export function formatWithError(value: number, error: number | null | undefined): string {
  if (!error) return formatNumber(value);
  const digit = 10 ** Math.floor(Math.log10(error));
  return `${formatNumber(value)} ± ${formatNumber(Number((Math.ceil(error / digit) * digit).toPrecision(1)))}`;
}

/**
 * A whole count with thousands separated, e.g. "1,024".
 *
 * Not by the browser's own means: these take 20 ms when they are first used.
 */
export function formatCount(count: number): string {
  return `${Math.round(count)}`.replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "1 line", "214 lines". */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function withoutExponent(value: number): string {
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.max(0, 2 - exponent));
}
