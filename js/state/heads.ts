/** The heads that a view shows, and clicks on head chips. `null` is all heads fused into one. */

import { methodOf, methodWith } from "../frame/method";
import type { About } from "./about";
import type { Selection } from "./selection";

/** The heads and the method that a view can show. */
export interface HeadRules {
  /** The heads that it can show: any that are chosen, one at a time, or all of them fused. */
  heads: "several" | "one" | "fused";
  /** Set where it shows how attention comes about, whatever the method: words that say so. */
  attentionOnly?: string;
}

/** The name of the method that is on the screen. */
export function shownMethod(
  about: About,
  { method }: Pick<Selection, "method">,
  rules: HeadRules,
): string {
  return rules.attentionOnly === undefined ? method : methodWith(about, "is_attention").name;
}

/** True where heads can be seen one by one: some methods fuse all of them, as do some views. */
export function showsHeads(
  about: About,
  selection: Pick<Selection, "method">,
  rules: HeadRules,
): boolean {
  if (rules.heads === "fused") return false;
  return methodOf(about, shownMethod(about, selection, rules)).per_head;
}

/** The heads that are on the screen: of one at a time the first of those selected, or head 0. */
export function shownHeads(
  about: About,
  selection: Pick<Selection, "heads" | "method">,
  rules: HeadRules,
): number[] | null {
  if (!showsHeads(about, selection, rules)) return null;
  return rules.heads === "one" ? [selection.heads?.[0] ?? 0] : selection.heads;
}

/** The selection as it is on the screen. */
export function shownSelection(about: About, selection: Selection, rules: HeadRules): Selection {
  const method = shownMethod(about, selection, rules);
  return { ...selection, method, heads: shownHeads(about, selection, rules) };
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
