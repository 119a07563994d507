import { formatCount, formatSetting, plural } from "../../draw/format";
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
  isSigned: boolean,
): string {
  const all = formatCount(countAll(frame, keys, causal));
  const isShort = frame.rest.some((rest) => rest > (1 - coverage + 0.005) * frame.scale);
  const row = isSigned ? "each row’s magnitudes" : "each row";
  const share =
    coverage >= 1
      ? `every line${isShort ? ` to the ${frame.listed} strongest keys of each row` : ""}`
      : `${formatSetting(coverage)} of ${row}${isShort ? `, or its ${frame.listed} strongest keys` : ""}`;
  const whose = pins > 0 ? `, those of ${plural(pins, "pinned token")}` : "";
  if (lines.covering > lines.count) {
    return `showing the strongest ${formatCount(lines.count)} of the ${formatCount(lines.covering)} lines for ${share}; ${all} in all`;
  }
  return `showing ${share}; ${formatCount(lines.count)} of ${all} lines${whose}`;
}
