import { rows } from "../../attnwidget/shared/limits.json";
import { allSettings, methodOf, settingsIn } from "../frame/method";
import type {
  HeadEffectsWant,
  Hiding,
  Narrowing,
  RowsWant,
  StatisticsWant,
  SummaryWant,
  ThumbnailsWant,
  TokenWant,
} from "../frame/want";
import { type About, keysOf, type StreamAbout } from "./about";
import type { Selection, Target, TokenRef } from "./selection";

/**
 * The rows a selection shows; `change` asks for another layer or other heads.
 *
 * Methods without a picture per head have rows of all heads fused only.
 */
export function rowsWant(
  about: About,
  selection: Selection,
  stream: StreamAbout,
  change: { layer?: number; heads?: number[] | null } = {},
): RowsWant {
  const keys = keysOf(stream).text.length;
  const asked = change.heads === undefined ? selection.heads : change.heads;
  const heads = methodOf(about, selection.method).per_head ? asked : null;
  const weights = (heads?.length ?? 1) * stream.queries.text.length * keys;
  return {
    ...{ kind: "rows", stream: stream.name, layer: change.layer ?? selection.layer, heads },
    ...methodIn(about, selection),
    ...narrowingOf(selection),
    // The kernel asks by the same rule for what it sends unasked: frames/rows.py, asks_in_full.
    full: selection.coverage >= 1 && keys > rows.listed_in_full && weights <= rows.most_weights,
  };
}

/** The row of a query, or the column of a key, as the selection shows them. */
export function tokenWant(
  about: About,
  selection: Selection,
  stream: StreamAbout,
  { side, index }: TokenRef,
): TokenWant {
  const { layer } = selection;
  const heads = methodOf(about, selection.method).per_head ? selection.heads : null;
  return {
    ...{ kind: "token", stream: stream.name, layer, heads, side, index },
    ...methodIn(about, selection),
    ...narrowingOf(selection),
  };
}

export function summaryWant(stream: StreamAbout, layer: number): SummaryWant {
  return { kind: "summary", stream: stream.name, layer };
}

/** The figures of one head's matrix or, for null, of all heads fused. */
export function statisticsWant(
  about: About,
  selection: Selection,
  stream: StreamAbout,
  head: number | null,
): StatisticsWant {
  const isFused = head === null || !methodOf(about, selection.method).per_head;
  const heads: [number] | null = isFused ? null : [head];
  const { layer } = selection;
  return {
    ...{ kind: "statistics", stream: stream.name, layer, heads },
    ...methodIn(about, selection),
  };
}

/** What the selection's target loses or gains without each head of a layer. */
export function headEffectsWant(
  selection: Selection,
  stream: StreamAbout,
  layer: number,
  exact: boolean,
): HeadEffectsWant {
  const { target } = selection as Selection & { target?: Target | null };
  return { kind: "head_effects", stream: stream.name, layer, target: target ?? null, exact };
}

/** The thumbnails of a layer, of `size` cells a side at most. */
export function thumbnailsWant(
  about: About,
  selection: Selection,
  stream: StreamAbout,
  layer: number,
  size: number,
): ThumbnailsWant {
  return {
    ...{ kind: "thumbnails", stream: stream.name, layer, size },
    ...methodIn(about, selection),
    ...hidingOf(selection),
  };
}

/** The fields of a selection that say how scores come about: wants hold the settings of all methods. */
export function methodIn(about: About, selection: Selection): Pick<Selection, "method" | "fusion"> {
  const { method, fusion } = selection;
  return { ...settingsIn(selection, allSettings(about)), method, fusion };
}

/** The fields of a selection that say which keys are hidden. */
export function hidingOf({ hide_special, hide_first }: Hiding): Hiding {
  return { hide_special, hide_first };
}

/** The fields of a selection that say what rows are reduced to. */
export function narrowingOf({ hide_special, hide_first, pair_filter }: Narrowing): Narrowing {
  return { hide_special, hide_first, pair_filter };
}
