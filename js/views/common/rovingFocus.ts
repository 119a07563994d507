import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** Focuses a token of a long list once it is rendered: what is asked for may be far out of sight. */
export function useLateFocus(list: RefObject<HTMLElement | null>): (index: number) => void {
  const wanted = useRef<number | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    const button = list.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`);
    if (!button) return;
    wanted.current = null;
    button.focus({ preventScroll: true });
  });
  return (index) => {
    wanted.current = index;
  };
}

/** The place in a list that a key leads to; null when the key does not lead anywhere. */
export function stepTo(key: string, from: number, count: number): number | null {
  const to = { ArrowUp: from - 1, ArrowDown: from + 1, Home: 0, End: count - 1 }[key];
  return to === undefined ? null : Math.min(Math.max(to, 0), count - 1);
}

/** Scrolls a row of a list into sight, with some of its neighbours, below a head that stays. */
export function revealRow(
  list: HTMLElement,
  position: number,
  rowHeight: number,
  head: number,
): void {
  const top = position * rowHeight;
  const room = list.clientHeight - head;
  const margin = Math.min(2 * rowHeight, room / 4);
  if (top - margin < list.scrollTop) list.scrollTop = top - margin;
  const bottom = top + rowHeight + margin - room;
  if (bottom > list.scrollTop) list.scrollTop = bottom;
}
