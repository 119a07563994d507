import type { RefObject } from "preact";
import { type HeadRef, moveFocus } from "./headRef";
import { GUTTER } from "./layout";
import type { HoveredHead } from "./Preview";

interface Grid {
  layers: number;
  /** Thumbnails of a layer. */
  columns: number;
  /** From one thumbnail to the next, in CSS pixels. */
  pitch: number;
  /** A head is opened: Escape closes it. */
  isOpen: boolean;
  onPoint(head: HoveredHead | null): void;
  onFocus(head: HeadRef): void;
  onOpen(head: HeadRef): void;
  onClose(): void;
}

/** Pointer, focus and keys on the thumbnails of a grid. */
export function useGridPointer(scroller: RefObject<HTMLElement | null>, grid: Grid) {
  const cornerOf = () => scroller.current?.closest(".aw-model")?.getBoundingClientRect();
  const focus = (head: HeadRef) => {
    grid.onFocus(head);
    if (!scroller.current) return;
    reveal(scroller.current, head, grid.pitch);
    buttonOf(scroller.current, head)?.focus({ preventScroll: true });
  };
  return {
    onKeyDown: (event: KeyboardEvent) => {
      const from = headOf(event.target);
      if (event.key === "Escape" && grid.isOpen) grid.onClose();
      else {
        const to = from && moveFocus(event.key, from, grid.layers, grid.columns);
        if (!to) return;
        focus(to);
      }
      event.preventDefault();
      event.stopPropagation();
    },
    onPointerMove: (event: MouseEvent) => {
      const [head, corner] = [headOf(event.target), cornerOf()];
      if (!head || !corner) return grid.onPoint(null);
      grid.onPoint({ ...head, x: event.clientX - corner.left, y: event.clientY - corner.top });
    },
    onPointerLeave: () => grid.onPoint(null),
    onFocusIn: (event: FocusEvent) => {
      const [head, corner, button] = [headOf(event.target), cornerOf(), event.target];
      if (!head || !corner || !(button instanceof HTMLElement)) return;
      grid.onFocus(head);
      if (!button.matches(":focus-visible")) return;
      const box = button.getBoundingClientRect();
      grid.onPoint({ ...head, x: box.right - corner.left - 8, y: box.top - corner.top });
    },
    onFocusOut: () => grid.onPoint(null),
    onClick: (event: MouseEvent) => {
      const head = headOf(event.target);
      if (head) grid.onOpen(head);
    },
  };
}

/** Scrolls the grid, and nothing around it, until a thumbnail is in sight. */
export function reveal(grid: HTMLElement, { layer, head }: HeadRef, pitch: number): void {
  const [top, left] = [layer * pitch, head * pitch];
  const [height, width] = [grid.clientHeight - GUTTER.top, grid.clientWidth - GUTTER.left];
  grid.scrollTop = Math.min(Math.max(grid.scrollTop, top + pitch - height), top);
  grid.scrollLeft = Math.min(Math.max(grid.scrollLeft, left + pitch - width), left);
}

/** A layer's thumbnail: that of a head, or the only one where all heads are fused. */
function buttonOf(grid: HTMLElement, { layer, head }: HeadRef): HTMLElement | null {
  const one = `[data-layer="${layer}"][data-head="${head}"]`;
  return grid.querySelector<HTMLElement>(`${one}, [data-layer="${layer}"][data-head="all"]`);
}

function headOf(target: EventTarget | null): HeadRef | null {
  const button =
    target instanceof Element && target.closest<HTMLElement>("[data-layer][data-head]");
  if (!button) return null;
  const { layer, head } = button.dataset;
  return { layer: Number(layer), head: head === "all" ? 0 : Number(head) };
}
