import { useEffect, useRef, useState } from "preact/hooks";
import type { MethodRow } from "../../frame/method";
import type { StreamAbout } from "../../state/about";
import type { Selection } from "../../state/selection";
import { useScrollPort } from "../common/useSize";
import type { HeadRef } from "./headRef";
import type { Importance } from "./importance";
import { LayerRow } from "./LayerRow";
import { type GridLayout, GUTTER, isNear, type LayerRange } from "./layout";
import type { HoveredHead } from "./Preview";
import type { ThumbnailStyle } from "./thumbnailStyle";
import { reveal, useGridPointer } from "./useGridPointer";
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
  onPoint(head: HoveredHead | null): void;
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

  const isOpen = opened !== null;
  useEffect(() => {
    if (opened && scroller.current) reveal(scroller.current, opened, layout.pitch);
  }, [isOpen, layout.pitch]);

  const handlers = useGridPointer(scroller, {
    ...{ layers: stream.layers, columns, pitch: layout.pitch, isOpen, onPoint, onOpen, onClose },
    onFocus: setFocused,
  });

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
      {...handlers}
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
