import type { Side, TokenRef } from "../../state/selection";

/** The token that an element, or one around it, stands for. */
export function tokenOf(target: EventTarget | null): TokenRef | null {
  const element = target instanceof Element ? target.closest<HTMLElement>("[data-side]") : null;
  if (!element) return null;
  return { side: element.dataset.side as Side, index: Number(element.dataset.index) };
}
