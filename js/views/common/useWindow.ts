import type { RefObject } from "preact";
import { useState } from "preact/hooks";
import { useScrollPort } from "./useSize";

/** Rows of a long list that are rendered: from `first` up to, not including, `end`. */
export interface RowWindow {
  first: number;
  end: number;
}

/** The window moves in blocks of this many rows, so that scrolling rarely renders. */
const BLOCK = 12;

export function rowWindow(
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
): RowWindow {
  const firstSeen = Math.floor(scrollTop / rowHeight / BLOCK) * BLOCK;
  const endSeen = Math.ceil((scrollTop + height) / rowHeight / BLOCK) * BLOCK;
  const first = Math.max(0, Math.min(firstSeen, count) - BLOCK);
  return { first, end: Math.min(count, endSeen + BLOCK) };
}

/** The rows in sight of a scrolling element, and some around them. */
export function useWindow(
  scroller: RefObject<HTMLElement | null>,
  rowHeight: number,
  count: number,
): RowWindow {
  const [{ first, end }, setWindow] = useState<RowWindow>({ first: 0, end: 0 });
  useScrollPort(
    scroller,
    ({ scrollTop, clientHeight }) => {
      const next = rowWindow(scrollTop, clientHeight, rowHeight, count);
      setWindow((last) => (last.first === next.first && last.end === next.end ? last : next));
    },
    [rowHeight, count],
  );
  return { first: Math.min(first, count), end: Math.min(end, count) };
}
