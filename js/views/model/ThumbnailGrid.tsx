import { useEffect, useRef, useState } from "preact/hooks";
import type { MethodRow } from "../../frame/method";
import type { StreamAbout } from "../../state/about";
import type { Selection } from "../../state/selection";
import { useScrollPort } from "../common/useSize";
import { type HeadRef, moveFocus } from "./headRef";
import type { Importance } from "./importance";
import { LayerRow } from "./LayerRow";
import { type GridLayout, GUTTER, isNear, type LayerRange } from "./layout";
import type { Target } from "./Preview";
import type { ThumbnailStyle } from "./thumbnailStyle";
import type { LayerFrames } from "./useThumbnails";

interface ThumbnailGridProps {
  stream: StreamAbout;
  selection: Selection;
  method: MethodRow;
  /** Thumbnails of a layer: one where all heads are fused. */
  columns: number;
  layers: LayerFrames[];
  layout: GridLayout;
  width: number;
  /** The grid scrolls inside when it is taller. */
  height: number;
  style: ThumbnailStyle;
  importance: Importance | null;
  sight: LayerRange;
  opened: HeadRef | null;
  onScroll(scroll: { top: number; height: number }): void;
  /** The thumbnail the pointer or the keyboard focus is on. */
  onPoint(target: Target | null): void;
  onOpen(head: HeadRef): void;
  onClose(): void;
}

/** The scrolling grid; names of layers and heads stay in sight. One thumbnail is in the tab order. */
export function ThumbnailGrid(props: ThumbnailGridProps) {
  const { stream, selection, method, columns, layout, width, height, opened } = props;
  const { onScroll, onPoint, onOpen, onClose } = props;
  const isFused = !method.per_head;
  const heads = isFused ? [0] : selection.heads;
  const scroller = useRef<HTMLElement>(null);
  const [focused, setFocused] = useState<HeadRef | null>(null);
  const current = { layer: selection.layer, head: heads?.[0] ?? 0 };
  const tabStop = focused ?? current;

  useScrollPort(scroller, ({ scrollTop, clientHeight }) =>
    onScroll({ top: scrollTop, height: clientHeight }),
  );

  const buttonOf = ({ layer, head }: HeadRef) =>
    scroller.current?.querySelector<HTMLElement>(
      `[data-layer="${layer}"][data-head="${isFused ? "all" : head}"]`,
    );
  const isOpen = opened !== null;
  useEffect(() => {
    if (opened && scroller.current) reveal(scroller.current, opened, layout.pitch);
  }, [isOpen, layout.pitch]);

  const onKeyDown = (event: KeyboardEvent) => {
    const from = headOf(event.target);
    if (event.key === "Escape" && isOpen) onClose();
    else {
      const to = from && moveFocus(event.key, from, stream.layers, columns);
      if (!to) return;
      setFocused(to);
      if (scroller.current) reveal(scroller.current, to, layout.pitch);
      buttonOf(to)?.focus({ preventScroll: true });
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const point = (event: MouseEvent) => {
    const head = headOf(event.target);
    const corner = scroller.current?.closest(".aw-model")?.getBoundingClientRect();
    if (!head || !corner) return onPoint(null);
    onPoint({ ...head, x: event.clientX - corner.left, y: event.clientY - corner.top });
  };
  const pointAtFocus = (event: FocusEvent) => {
    const [head, button] = [headOf(event.target), event.target];
    const corner = scroller.current?.closest(".aw-model")?.getBoundingClientRect();
    if (!head || !corner || !(button instanceof HTMLElement)) return;
    setFocused(head);
    if (!button.matches(":focus-visible")) return;
    const box = button.getBoundingClientRect();
    onPoint({ ...head, x: box.right - corner.left - 8, y: box.top - corner.top });
  };
  const click = (event: MouseEvent) => {
    const head = headOf(event.target);
    if (head) onOpen(head);
  };

  return (
    <section
      class="aw-grid"
      ref={scroller}
      aria-label={`${stream.layers} layers of ${isFused ? "all heads fused" : `${columns} heads`}`}
      style={{
        width: `${width}px`,
        maxHeight: `${height}px`,
        "--cell": `${layout.cell}px`,
        "--gap": `${layout.gap}px`,
        "--gutter": `${GUTTER.left}px`,
      }}
      onKeyDown={onKeyDown}
      onPointerMove={point}
      onPointerLeave={() => onPoint(null)}
      onFocusIn={pointAtFocus}
      onFocusOut={() => onPoint(null)}
      onClick={click}
    >
      <div class="aw-grid-heads" style={{ height: `${GUTTER.top}px` }} aria-hidden="true">
        <div class="aw-layer-name">{isFused ? "heads" : "head"}</div>
        {Array.from({ length: columns }, (_, head) => (
          <div key={head} data-current={(!isFused && heads?.includes(head)) || undefined}>
            {isFused ? "all" : head}
          </div>
        ))}
      </div>
      {props.layers.map(({ thumbnails, summary }, layer) => (
        <LayerRow
          key={`${stream.name} ${layer}`}
          layer={layer}
          method={method}
          heads={columns}
          thumbnails={thumbnails}
          summary={summary}
          layout={layout}
          style={props.style}
          importance={props.importance}
          isNear={isNear(layer, props.sight)}
          stream={stream}
          isCurrent={layer === selection.layer}
          selected={layer === selection.layer ? heads : null}
          opened={opened?.layer === layer ? opened.head : null}
          tabStop={tabStop.layer === layer ? tabStop.head : null}
        />
      ))}
    </section>
  );
}

/** Scrolls the grid, and nothing around it, until a thumbnail is in sight. */
function reveal(grid: HTMLElement, { layer, head }: HeadRef, pitch: number): void {
  const [top, left] = [layer * pitch, head * pitch];
  const [height, width] = [grid.clientHeight - GUTTER.top, grid.clientWidth - GUTTER.left];
  grid.scrollTop = Math.min(Math.max(grid.scrollTop, top + pitch - height), top);
  grid.scrollLeft = Math.min(Math.max(grid.scrollLeft, left + pitch - width), left);
}

function headOf(target: EventTarget | null): HeadRef | null {
  const button =
    target instanceof Element && target.closest<HTMLElement>("[data-layer][data-head]");
  if (!button) return null;
  const { layer, head } = button.dataset;
  return { layer: Number(layer), head: head === "all" ? 0 : Number(head) };
}
