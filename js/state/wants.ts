import { rows } from "../../attnwidget/shared/limits.json";
import { isPerHead } from "../frame/method";
import type { RowsWant, StatisticsWant, SummaryWant } from "../frame/want";
import { keysOf, type StreamAbout } from "./about";
import type { Selection } from "./selection";

/**
 * The rows a selection shows; `change` asks for another layer or other heads.
 *
 * Methods without a picture per head have rows of all heads fused only.
 */
export function rowsWant(
  selection: Selection,
  stream: StreamAbout,
  change: { layer?: number; heads?: number[] | null } = {},
): RowsWant {
  const keys = keysOf(stream).text.length;
  const asked = change.heads === undefined ? selection.heads : change.heads;
  const heads = isPerHead(selection.method) ? asked : null;
  const weights = (heads?.length ?? 1) * stream.queries.text.length * keys;
  return {
    kind: "rows",
    stream: stream.name,
    layer: change.layer ?? selection.layer,
    heads,
    method: selection.method,
    fusion: selection.fusion,
    discard_ratio: selection.discard_ratio,
    target: selection.target,
    hide_special: selection.hide_special,
    hide_first: selection.hide_first,
    pair_filter: selection.pair_filter,
    // The kernel asks by the same rule for what it sends unasked: frames/rows.py, asks_in_full.
    full: selection.coverage >= 1 && keys > rows.listed_in_full && weights <= rows.most_weights,
  };
}

export function summaryWant(stream: StreamAbout, layer: number): SummaryWant {
  return { kind: "summary", stream: stream.name, layer };
}

/** The figures of one head's matrix or, for null, of all heads fused. */
export function statisticsWant(
  selection: Selection,
  stream: StreamAbout,
  head: number | null,
): StatisticsWant {
  const { layer, method, fusion, discard_ratio, target } = selection;
  const heads: [number] | null = head === null || !isPerHead(method) ? null : [head];
  return {
    ...{ kind: "statistics", stream: stream.name, layer, heads, method, fusion },
    ...{ discard_ratio, target },
  };
}
