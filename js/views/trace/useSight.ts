import type { RefObject } from "preact";
import { useState } from "preact/hooks";
import type { NodeRef } from "../../state/selection";
import { useScrollPort } from "../common/useSize";
import { type Layout, levelY, nearestPlace } from "./layout";

/** The nodes that are rendered: places from `first` up to, not including, `end`, and levels. */
export interface NodeWindow {
  first: number;
  end: number;
  lowest: number;
  highest: number;
}

/** The window moves in blocks, so that scrolling rarely renders. */
const BLOCK = 8;
const NOTHING: NodeWindow = { first: 0, end: 0, lowest: 0, highest: -1 };

export function windowAt(
  layout: Layout,
  scroll: { left: number; top: number },
  seen: { width: number; height: number },
): NodeWindow {
  const first = Math.floor(nearestPlace(layout, scroll.left) / BLOCK) * BLOCK;
  const end = (Math.floor(nearestPlace(layout, scroll.left + seen.width) / BLOCK) + 1) * BLOCK;
  const top = layout.levels - 1;
  const levelAt = (y: number) => top - (y - levelY(layout, top)) / layout.rowPitch;
  const lowest = Math.floor(levelAt(scroll.top + seen.height) / BLOCK) * BLOCK;
  const highest = Math.ceil((levelAt(scroll.top - layout.labelHeight) + 1) / BLOCK) * BLOCK;
  return {
    first: Math.max(0, first),
    end: Math.min(layout.shown.length, end),
    lowest: Math.max(0, lowest),
    highest: Math.min(top, highest),
  };
}

export function isWithin(window: NodeWindow, layout: Layout, node: NodeRef): boolean {
  const place = layout.placeOf[node.index] ?? -1;
  const isAtEdge = node.level === 0 || node.level === layout.levels - 1;
  const isInRows = node.level >= window.lowest && node.level <= window.highest;
  return place >= window.first && place < window.end && (isAtEdge || isInRows);
}

/** The nodes in sight of a scrolling element, and some around them. */
export function useSight(
  viewport: RefObject<HTMLElement | null>,
  layout: Layout | null,
): NodeWindow {
  const [window, setWindow] = useState(NOTHING);
  useScrollPort(
    viewport,
    ({ scrollLeft, scrollTop }, size) => {
      if (!layout) return;
      const next = windowAt(layout, { left: scrollLeft, top: scrollTop }, size);
      setWindow((last) => (JSON.stringify(last) === JSON.stringify(next) ? last : next));
    },
    [layout],
  );
  return window;
}
