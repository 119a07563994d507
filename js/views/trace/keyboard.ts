import type { NodeRef } from "../../state/selection";
import { GUTTER, type Layout, levelY, nodeX } from "./layout";

/** The node that hooks on an element name. */
export function nodeOf(target: EventTarget | null): NodeRef | null {
  const element = target instanceof Element ? target.closest<HTMLElement>("[data-level]") : null;
  if (!element) return null;
  return { level: Number(element.dataset.level), index: Number(element.dataset.index) };
}

/** The node that an arrow key, Home or End leads to; null for any other key. */
export function neighbourOf(
  { level, index }: NodeRef,
  key: string,
  layout: Layout,
): NodeRef | null {
  const place = layout.placeOf[index] ?? 0;
  const at = (next: number, nextLevel = level): NodeRef => ({
    level: Math.min(Math.max(0, nextLevel), layout.levels - 1),
    index: layout.shown[Math.min(Math.max(0, next), layout.shown.length - 1)] ?? index,
  });
  switch (key) {
    case "ArrowLeft":
      return at(place - 1);
    case "ArrowRight":
      return at(place + 1);
    case "ArrowUp":
      return at(place, level + 1);
    case "ArrowDown":
      return at(place, level - 1);
    case "Home":
      return at(0);
    case "End":
      return at(layout.shown.length - 1);
    default:
      return null;
  }
}

/** Scrolls a node into sight, clear of the names and labels that stay. */
export function revealNode(viewport: HTMLElement, layout: Layout, node: NodeRef): void {
  const x = nodeX(layout, node.index);
  if (x === null) return;
  const beside = layout.pitch + (layout.aslant ? 40 : 0);
  viewport.scrollLeft = clampTo(viewport.scrollLeft, {
    least: x + beside - viewport.clientWidth,
    most: x - GUTTER - beside,
  });
  // The levels begin below the upper labels; the lower ones cover as much of the bottom again.
  const y = levelY(layout, node.level);
  const covered = viewport.scrollHeight - layout.height;
  viewport.scrollTop = clampTo(viewport.scrollTop, {
    least: y + covered + layout.rowPitch - viewport.clientHeight,
    most: y - layout.rowPitch,
  });
}

function clampTo(value: number, { least, most }: { least: number; most: number }): number {
  return Math.min(Math.max(value, least), most);
}
