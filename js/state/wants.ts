import type { RowsWant, SummaryWant } from "../frame/want";
import { keysOf, type StreamAbout } from "./about";
import type { Selection } from "./selection";

/** Rows of up to this many keys are always listed in full. */
const LISTED_IN_FULL = 256;
/** Of longer rows every key is asked for only up to this many weights: 16 MB. */
const MOST_WEIGHTS = 4 * 2 ** 20;

/** The rows a selection shows; `change` asks for another layer or other heads. */
export function rowsWant(
  selection: Selection,
  stream: StreamAbout,
  change: { layer?: number; heads?: number[] | null } = {},
): RowsWant {
  const keys = keysOf(stream).text.length;
  const heads = "heads" in change ? change.heads : selection.heads;
  const weights = (heads?.length ?? 1) * stream.queries.text.length * keys;
  return {
    kind: "rows",
    stream: stream.name,
    layer: selection.layer,
    heads: selection.heads,
    method: selection.method,
    fusion: selection.fusion,
    discard_ratio: selection.discard_ratio,
    target: selection.target,
    hide_special: selection.hide_special,
    hide_first: selection.hide_first,
    pair_filter: selection.pair_filter,
    full: selection.coverage >= 1 && keys > LISTED_IN_FULL && weights <= MOST_WEIGHTS,
    ...change,
  };
}

export function summaryWant(stream: StreamAbout, layer: number): SummaryWant {
  return { kind: "summary", stream: stream.name, layer };
}
