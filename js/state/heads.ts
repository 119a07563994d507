/** The effect of clicks on head chips. `null` is all heads fused into one. */

import { methodOf, methodWith } from "../frame/method";
import type { About } from "./about";
import type { Selection } from "./selection";

/** True where heads can be seen one by one: paths run through all of them, as do some methods. */
export function showsHeads(
  about: About,
  { view, method }: Pick<Selection, "view" | "method">,
): boolean {
  return view === "neuron" || (view !== "trace" && methodOf(about, method).per_head);
}

/** The heads that the view shows: the neuron view only the first of those selected, or head 0. */
export function shownHeads(
  about: About,
  selection: Pick<Selection, "view" | "heads" | "method">,
): number[] | null {
  if (!showsHeads(about, selection)) return null;
  return selection.view === "neuron" ? [selection.heads?.[0] ?? 0] : selection.heads;
}

/** The selection as it is on the screen; the neuron view is always about attention. */
export function shownSelection(about: About, selection: Selection): Selection {
  const isNeuron = selection.view === "neuron";
  const method = isNeuron ? methodWith(about, "is_attention").name : selection.method;
  return { ...selection, method, heads: shownHeads(about, selection) };
}

/** A click: add or remove a head; removing the last one goes back to all heads fused. */
export function toggleHead(heads: number[] | null, head: number): number[] | null {
  if (heads === null) return [head];
  if (!heads.includes(head)) return [...heads, head].sort((a, b) => a - b);
  const others = heads.filter((other) => other !== head);
  return others.length > 0 ? others : null;
}

/** A double-click: this head alone or, where it is alone already, every head in its colour. */
export function soloHead(heads: number[] | null, head: number, count: number): number[] {
  const alone = heads?.length === 1 && heads[0] === head;
  return alone ? Array.from({ length: count }, (_, index) => index) : [head];
}

/** The next or previous single head; before the first come all heads fused. */
export function stepHead(heads: number[] | null, step: 1 | -1, count: number): number[] | null {
  const from = heads === null ? -1 : step > 0 ? Math.max(...heads) : Math.min(...heads);
  const to = Math.min(from + step, count - 1);
  return to < 0 ? null : [to];
}
