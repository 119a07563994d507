import { formatCount, formatPercent, plural } from "../../draw/format";
import type { RowsFrame } from "../../frame/rows";
import { countAll, type Lines } from "./lines";

/** One line that says which lines are drawn, of how many. */
export function noteOf(
  lines: Lines,
  frame: RowsFrame,
  coverage: number,
  keys: number,
  causal: boolean,
  pins: number,
): string {
  const all = formatCount(countAll(frame, keys, causal));
  const share = coverage >= 1 ? "all of each row" : `${formatPercent(coverage)} of each row`;
  const whose = pins > 0 ? ` of ${plural(pins, "pinned token")}` : "";
  if (lines.covering > lines.count) {
    return `showing the strongest ${formatCount(lines.count)} of the ${formatCount(lines.covering)} lines that hold ${share}; ${all} in all`;
  }
  return `showing ${share}${whose}; ${formatCount(lines.count)} of ${all} lines`;
}
