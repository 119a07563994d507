import type { Side } from "../../state/selection";

/** Scrolls an element of a scrolling box to its middle, unless it is in sight. */
export function reveal(viewport: HTMLElement, element: Element | undefined): void {
  if (!element) return;
  const box = viewport.getBoundingClientRect();
  const { top, bottom } = element.getBoundingClientRect();
  if (top >= box.top && bottom <= box.bottom) return;
  viewport.scrollTop += (top + bottom) / 2 - (box.top + box.bottom) / 2;
}

/** The token of a text of the view that an element beside it is part of. */
export function findToken(beside: Element, passage: Side, index: number): HTMLElement | null {
  const view = beside.closest(".attnwidget")?.querySelector(".aw-text");
  const text = view?.querySelector(`[data-passage="${passage}"]`) ?? view;
  return text?.querySelector<HTMLElement>(`[data-index="${index}"]`) ?? null;
}

/** Brings a token into sight and gives it the focus. */
export function goTo(token: HTMLElement | null): void {
  const viewport = token?.closest<HTMLElement>(".aw-text-viewport");
  if (!token || !viewport) return;
  reveal(viewport, token);
  focusOnly(token);
}

/** Gives a token the focus and makes it the one tab stop of its text. */
export function focusOnly(token: HTMLElement): void {
  const passage = token.closest("[data-passage]");
  for (const stop of passage?.querySelectorAll<HTMLElement>('[tabindex="0"]') ?? []) {
    stop.tabIndex = -1;
  }
  token.tabIndex = 0;
  token.focus({ preventScroll: true });
}
