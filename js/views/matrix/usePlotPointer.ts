import type { RefObject } from "preact";
import { useRef } from "preact/hooks";
import type { Side } from "../../state/selection";
import { tokenOf } from "../common/tokenOf";
import { type Cells, cellAt } from "./cells";
import type { Rectangle } from "./drawOverlay";
import { pan, rangeAt, type Section, spanOf, zoom } from "./geometry";
import type { Spot } from "./hoverTarget";
import type { PlotLayout } from "./layout";

/** Beyond so many pixels a press is a drag. */
const DRAG_FROM = 4;
const WHEEL_FACTOR = 1.2;

/** What the pointer does with one plot. */
export interface PlotActions {
  point(spot: Spot | null): void;
  /** A click on a cell. */
  pick(spot: Spot): void;
  togglePin(side: Side, index: number): void;
  look(section: Section): void;
  /** Bring a token into sight that the keyboard has moved to. */
  reveal(side: Side, index: number): void;
}

interface Plot {
  cells: Cells | null;
  section: Section;
  layout: PlotLayout;
  counts: { query: number; key: number };
  onDrag(rectangle: Rectangle | null): void;
}

/** Hover, click, drag and wheel over the cells, and hover and click on the tokens around them. */
export function usePlotPointer(
  sheet: RefObject<HTMLElement | null>,
  { cells, section, layout, counts, onDrag }: Plot,
  actions: PlotActions,
) {
  const pressed = useRef<{ x: number; y: number; isDrag: boolean } | null>(null);

  const placeOf = (event: MouseEvent) => {
    const box = sheet.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  };
  const tokensAt = ({ x, y }: { x: number; y: number }) => ({
    query: section.queries[0] + Math.floor(y / layout.rowHeight),
    key: section.keys[0] + Math.floor(x / layout.columnWidth),
  });
  const spotOf = (event: MouseEvent): Spot | null => {
    const at = { x: event.clientX, y: event.clientY };
    const token = tokenOf(event.target);
    if (token) {
      const range = [token.index, token.index + 1] as const;
      return token.side === "query"
        ? { queries: range, keys: null, at }
        : { queries: null, keys: range, at };
    }
    const place = placeOf(event);
    const { query, key } = tokensAt(place);
    const isAcross = place.x >= 0 && place.x < layout.width;
    const isDown = place.y >= 0 && place.y < layout.height;
    if (isAcross && isDown) {
      const cell = cells && cellAt(cells, query, key);
      return cell && { queries: cell.queries, keys: cell.keys, at };
    }
    // The bars beside the cells.
    if (isDown && place.x > 0) return { queries: [query, query + 1], keys: null, at };
    if (isAcross && place.y > 0) return { queries: null, keys: [key, key + 1], at };
    return null;
  };
  const rectangleTo = ({ x, y }: { x: number; y: number }): Rectangle => {
    const from = pressed.current ?? { x, y };
    const inside = (value: number, most: number) => Math.min(Math.max(0, value), most);
    const [left, right] = [inside(from.x, layout.width), inside(x, layout.width)];
    const [top, bottom] = [inside(from.y, layout.height), inside(y, layout.height)];
    return {
      ...{ x: Math.min(left, right), width: Math.abs(right - left) },
      ...{ y: Math.min(top, bottom), height: Math.abs(bottom - top) },
    };
  };

  return {
    onPointerDown: (event: PointerEvent) => {
      const isInside = event.target instanceof Node && sheet.current?.contains(event.target);
      if (event.button !== 0 || !isInside) return;
      pressed.current = { ...placeOf(event), isDrag: false };
      sheet.current?.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent) => {
      const from = pressed.current;
      const place = placeOf(event);
      if (from && Math.hypot(place.x - from.x, place.y - from.y) > DRAG_FROM) from.isDrag = true;
      if (!from?.isDrag) return actions.point(spotOf(event));
      actions.point(null);
      onDrag(rectangleTo(place));
    },
    onPointerUp: (event: PointerEvent) => {
      if (pressed.current?.isDrag) {
        const { x, y, width, height } = rectangleTo(placeOf(event));
        onDrag(null);
        const first = tokensAt({ x, y });
        const columns = Math.ceil((x + width) / layout.columnWidth) + section.keys[0] - first.key;
        const rows = Math.ceil((y + height) / layout.rowHeight) + section.queries[0] - first.query;
        actions.look({
          queries: rangeAt(first.query, rows, counts.query),
          keys: rangeAt(first.key, columns, counts.key),
        });
      } else if (pressed.current) {
        const spot = spotOf(event);
        if (spot) actions.pick(spot);
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
      const at = tokensAt(placeOf(event));
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const factor = event.deltaY > 0 ? WHEEL_FACTOR : 1 / WHEEL_FACTOR;
        actions.look({
          queries: zoom(section.queries, factor, at.query, counts.query),
          keys: zoom(section.keys, factor, at.key, counts.key),
        });
        return;
      }
      const [across, down] = event.shiftKey
        ? [event.deltaY, event.deltaX]
        : [event.deltaX, event.deltaY];
      const steps = (pixels: number, span: number, length: number) =>
        Math.sign(pixels) * Math.ceil((Math.abs(pixels) / length) * span * 0.5);
      const { queries, keys } = section;
      const next = {
        queries: pan(queries, steps(down, spanOf(queries), layout.height), counts.query),
        keys: pan(keys, steps(across, spanOf(keys), layout.width), counts.key),
      };
      // At its end the page scrolls on.
      if (next.queries[0] === queries[0] && next.keys[0] === keys[0]) return;
      event.preventDefault();
      actions.look(next);
    },
  };
}
