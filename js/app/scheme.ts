import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Scheme } from "../draw/palette";
import { schemeAround, whenRestyled } from "../draw/surroundings";
import type { Selection } from "../state/selection";

/** "light" or "dark": as the theme trait forces it, else as what surrounds the element. */
export function createScheme(
  el: HTMLElement,
  selection: ReadonlySignal<Selection>,
  lifetime: AbortSignal,
): ReadonlySignal<Scheme> {
  const surrounding = signal(schemeAround(el));
  const look = () => {
    surrounding.value = schemeAround(el);
  };
  whenRestyled(el.ownerDocument, look, lifetime);
  // The element may be attached, and its surroundings styled, only after this call.
  requestAnimationFrame(look);
  return computed(() => {
    const { theme } = selection.value;
    return theme === "auto" ? surrounding.value : theme;
  });
}
