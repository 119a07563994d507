import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface LateFocus<Place> {
  /** The place that waits for its element. */
  pending(): Place | null;
  /** Focuses the element of a place now if it is rendered, else after the render that brings it. */
  now(place: Place): void;
  /** Focuses the element of a place after the next render. */
  later(place: Place): void;
}

/** Focuses an element of a long list once it is rendered: it may be far out of sight before. */
export function useLateFocus<Place>(
  list: RefObject<HTMLElement | null>,
  selectorOf: (place: Place) => string,
): LateFocus<Place> {
  const wanted = useRef<Place | null>(null);
  const focusWanted = () => {
    if (wanted.current === null) return;
    const element = list.current?.querySelector<HTMLElement>(selectorOf(wanted.current));
    if (!element) return;
    wanted.current = null;
    element.focus({ preventScroll: true });
  };
  useEffect(focusWanted);
  return {
    pending: () => wanted.current,
    now: (place) => {
      wanted.current = place;
      focusWanted();
    },
    later: (place) => {
      wanted.current = place;
    },
  };
}

/** Selects a token of a list by its index. */
export function tokenSelector(index: number): string {
  return `[data-index="${index}"]`;
}

/** The place in a list that a key leads to; null when the key does not lead anywhere. */
export function stepTo(key: string, from: number, count: number): number | null {
  const to = { ArrowUp: from - 1, ArrowDown: from + 1, Home: 0, End: count - 1 }[key];
  return to === undefined ? null : Math.min(Math.max(to, 0), count - 1);
}
