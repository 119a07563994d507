import type { RefObject } from "preact";
import { useRef } from "preact/hooks";
import type { Side } from "../../state/selection";
import { tokenOf } from "../common/tokenOf";
import type { Rectangle } from "./drawOverlay";
import type { Section } from "./geometry";
import type { HoverTarget } from "./hoverTarget";
import {
  movedByWheel,
  type PlotPlace,
  rectangleBetween,
  sectionIn,
  targetAt,
  zoomedByWheel,
} from "./pointerGeometry";

/** Beyond so many pixels a press is a drag. */
const DRAG_FROM = 4;

/** The requests of one plot, made by pointer and keyboard. */
export interface PlotActions {
  point(target: HoverTarget | null): void;
  /** A click on a cell. */
  pick(target: HoverTarget): void;
  togglePin(side: Side, index: number): void;
  zoomTo(section: Section): void;
  /** Bring a token into sight that the keyboard has moved to. */
  reveal(side: Side, index: number): void;
}

/** Hover, click, drag and wheel over the cells, and hover and click on the tokens around them. */
export function usePlotPointer(
  sheet: RefObject<HTMLElement | null>,
  plot: PlotPlace,
  actions: PlotActions,
  onDrag: (rectangle: Rectangle | null) => void,
) {
  const pressed = useRef<{ x: number; y: number; isDrag: boolean } | null>(null);

  const pointOf = (event: MouseEvent) => {
    const box = sheet.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  };
  const targetOf = (event: MouseEvent): HoverTarget | null => {
    const at = { x: event.clientX, y: event.clientY };
    const token = tokenOf(event.target);
    if (token) {
      const range = [token.index, token.index + 1] as const;
      return token.side === "query"
        ? { queries: range, keys: null, at }
        : { queries: null, keys: range, at };
    }
    const found = targetAt(plot, pointOf(event));
    return found && { queries: found.queries, keys: found.keys, at };
  };
  const dragged = (event: PointerEvent) => {
    const to = pointOf(event);
    return rectangleBetween(plot, pressed.current ?? to, to);
  };

  return {
    onPointerDown: (event: PointerEvent) => {
      const isInside = event.target instanceof Node && sheet.current?.contains(event.target);
      if (event.button !== 0 || !isInside) return;
      pressed.current = { ...pointOf(event), isDrag: false };
      sheet.current?.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent) => {
      const from = pressed.current;
      const { x, y } = pointOf(event);
      if (from && Math.hypot(x - from.x, y - from.y) > DRAG_FROM) from.isDrag = true;
      if (!from?.isDrag) return actions.point(targetOf(event));
      actions.point(null);
      onDrag(dragged(event));
    },
    onPointerUp: (event: PointerEvent) => {
      if (pressed.current?.isDrag) {
        const rectangle = dragged(event);
        onDrag(null);
        actions.zoomTo(sectionIn(plot, rectangle));
      } else if (pressed.current) {
        const target = targetOf(event);
        if (target) actions.pick(target);
      }
      pressed.current = null;
    },
    onPointerCancel: () => {
      pressed.current = null;
      onDrag(null);
    },
    onPointerLeave: () => {
      if (!pressed.current) actions.point(null);
    },
    onClick: (event: MouseEvent) => {
      const token = tokenOf(event.target);
      if (token) actions.togglePin(token.side, token.index);
    },
    /** Pinching, or the wheel with Control, zooms; the wheel alone moves what was zoomed into. */
    onWheel: (event: WheelEvent) => {
      const isZoom = event.ctrlKey || event.metaKey;
      const next = isZoom ? zoomedByWheel(plot, event, pointOf(event)) : movedByWheel(plot, event);
      // At the end of the matrix the page scrolls on.
      if (!next) return;
      event.preventDefault();
      actions.zoomTo(next);
    },
  };
}
