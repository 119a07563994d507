import { methodKey, methodOf, settingsIn, usesFusion } from "../frame/method";
import { type About, lackOf } from "../state/about";
import { changeSelection, streamOf } from "../state/clamp";
import type { Selection } from "../state/selection";

/**
 * The selection after a change, led to what a file holds.
 *
 * A step to a layer or head that is not there goes on to the next one; a view or stream that is not
 * there changes nothing; a method comes with settings that it is held with.
 */
export function changeWithinFile(
  before: Selection,
  change: Partial<Selection>,
  about: About,
): Selection {
  const next = changeSelection(before, change, about);
  const stream = streamOf(about, next.stream);
  const { held } = stream;
  if (!held) return before;
  const heads = next.heads?.filter((head) => lackOf(stream, "heads", head) === null) ?? null;
  const added = next.heads?.find((head) => !held.heads.includes(head));
  const found = added === undefined ? undefined : toward(held.heads, before.heads?.at(-1), added);
  const layer = toward(held.layers, before.layer, next.layer) ?? before.layer;
  return {
    ...next,
    ...settingsHeld(before, next, about),
    view: about.views && !about.views.includes(next.view) ? before.view : next.view,
    layer,
    heads: heads?.length === 0 ? (found === undefined ? null : [found]) : heads,
    compare_with: next.compare_with && {
      ...next.compare_with,
      layer: within(held.layers, next.compare_with.layer),
      head: within(held.heads, next.compare_with.head),
    },
  };
}

/** The place that is held at a number or, going on from another number, beyond it. */
function toward(places: number[], from: number | undefined, to: number): number | undefined {
  if (places.includes(to)) return to;
  const beyond = from !== undefined && to < from ? places.filter((place) => place < to) : [];
  const onward = from === undefined || to >= from ? places.filter((place) => place > to) : [];
  return beyond.at(-1) ?? onward[0];
}

function within(places: number[], place: number | null): number | null {
  return place !== null && places.includes(place) ? place : null;
}

/**
 * The settings of a method as they are held, nearest to those that are wished for.
 *
 * Methods with a picture per head are held head by head, and are fused in every way.
 */
function settingsHeld(before: Selection, next: Selection, about: About): Partial<Selection> {
  const held = streamOf(about, next.stream).held?.methods ?? [];
  const same = held.filter(({ method }) => method === next.method);
  const row = methodOf(about, next.method);
  const hasFusion = !row.per_head && usesFusion(row);
  const key = (wanted: Pick<Selection, "method" | "fusion">) =>
    JSON.stringify([hasFusion ? wanted.fusion : null, ...methodKey(row, wanted)]);
  if (same.some((each) => key(each) === key(next))) return {};
  const known = same.find(({ fusion }) => fusion === next.fusion) ?? same[0];
  if (!known) return { method: before.method };
  return { ...settingsIn(known, row.settings), ...(hasFusion ? { fusion: known.fusion } : {}) };
}
