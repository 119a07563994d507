import { signal } from "@preact/signals";
import type { About } from "../state/about";
import type { Traits } from "../state/model";
import type { Selection } from "../state/selection";
import type { Store } from "../state/store";
import { changeWithinFile } from "./held";

/** A selection that no kernel knows of. */
export function createStaticStore(
  about: About,
  first: Selection,
  importance: Traits["head_importance"],
): Store {
  const selection = signal(first);
  const select = (change: Partial<Selection>) => {
    const before = selection.peek();
    const next = changeWithinFile(before, change, about);
    if (JSON.stringify(next) !== JSON.stringify(before)) selection.value = next;
  };
  select({});
  return { about, selection, importance: signal(importance), select };
}
