import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Scheme } from "../draw/palette";
import { schemeAround } from "../draw/surroundings";
import type { Selection } from "../state/selection";

/** Attributes in which notebooks and other pages say their theme, or which restyle them. */
const ATTRIBUTES = [
  ...["class", "style", "theme", "data-theme"],
  ...["data-jp-theme-light", "data-vscode-theme-kind"],
];

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
  const observer = new MutationObserver(look);
  for (const element of [el.ownerDocument.documentElement, el.ownerDocument.body]) {
    observer.observe(element, { attributes: true, attributeFilter: ATTRIBUTES });
  }
  lifetime.addEventListener("abort", () => observer.disconnect());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", look, { signal: lifetime });
  // The element may be attached, and its surroundings styled, only after this call.
  requestAnimationFrame(look);
  return computed(() => {
    const { theme } = selection.value;
    return theme === "auto" ? surrounding.value : theme;
  });
}
