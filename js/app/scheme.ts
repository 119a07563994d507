import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Scheme } from "../draw/palette";
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
  const observer = new MutationObserver(look);
  for (const element of [el.ownerDocument.documentElement, el.ownerDocument.body]) {
    const attributeFilter = ["class", "style", "theme", "data-theme", "data-jp-theme-light"];
    observer.observe(element, { attributes: true, attributeFilter });
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

/** JupyterLab says it; elsewhere the first opaque background tells, then the page's preference. */
export function schemeAround(el: HTMLElement): Scheme {
  const said = el.ownerDocument.body.dataset.jpThemeLight;
  if (said === "true" || said === "false") return said === "true" ? "light" : "dark";
  for (let element: Element | null = el; element; element = element.parentElement) {
    const [red = 0, green = 0, blue = 0, alpha = 1] = getComputedStyle(element)
      .backgroundColor.match(/[\d.]+/g)
      ?.map(Number) ?? [0, 0, 0, 0];
    if (alpha > 0.5) return 0.299 * red + 0.587 * green + 0.114 * blue < 128 ? "dark" : "light";
  }
  const followsSystem = getComputedStyle(el).colorScheme.includes("dark");
  const prefersDark = matchMedia("(prefers-color-scheme: dark)").matches;
  return followsSystem && prefersDark ? "dark" : "light";
}
