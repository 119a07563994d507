import { type Signal, useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { keysOf, type StreamAbout } from "../../state/about";
import { pinsOn } from "../../state/pins";
import type { Side, TokenRef } from "../../state/selection";
import { useLatest } from "../common/useLatest";
import { Axis } from "./Axis";
import { Bar, BarNames } from "./Bar";
import type { Rectangle } from "./drawOverlay";
import { countsOf, type Section } from "./geometry";
import type { TitledMatrix } from "./HoverTip";
import type { HoverTarget } from "./hoverTarget";
import { BARS, PITCH, type PlotLayout } from "./layout";
import { type PlotStyle, usePlotDrawing } from "./usePlotDrawing";
import { type PlotActions, usePlotPointer } from "./usePlotPointer";

interface Props {
  /** Null until it is there. */
  matrix: TitledMatrix | null;
  stream: StreamAbout;
  section: Section;
  layout: PlotLayout;
  style: PlotStyle;
  pins: TokenRef[];
  hovered: Signal<HoverTarget | null>;
  /** The queries are written at its left: of two side by side, only at the first. */
  namesQueries: boolean;
  actions: PlotActions;
}

/** One matrix: its cells, the tokens on both axes, their importance as bars, and a crosshair. */
export function Plot(props: Props) {
  const { matrix, stream, section, layout, style, pins, hovered, actions } = props;
  const cells = matrix?.cells ?? null;
  const title = matrix?.title ?? "…";
  const sheet = useRef<HTMLDivElement>(null);
  const drag = useSignal<Rectangle | null>(null);
  const isCausal = stream.causal && stream.keys === null;
  const { base, overlay } = usePlotDrawing({
    ...{ cells, section, layout, style, isCausal, pins, hovered, drag },
  });
  const place = { cells, section, layout, counts: countsOf(stream) };
  const handlers = usePlotPointer(sheet, place, actions, (rectangle) => {
    drag.value = rectangle;
  });
  const pinned = useMemo(
    () => ({ query: pinsOn(pins, "query"), key: pinsOn(pins, "key") }),
    [pins],
  );
  const axis = useAxisHandlers(actions);

  const { scale, barTop, scheme } = style;
  const bar = { layout, top: barTop, isSigned: scale?.isSigned === true, scheme };
  // The first token may reach above its row.
  const fromHeight = 18 + Math.max(0, (PITCH[0] - layout.rowHeight) / 2);
  const width = layout.left + layout.width + layout.right;
  return (
    <figure class="aw-plot" style={{ width: `${width}px` }} {...handlers}>
      <figcaption title={title}>{title}</figcaption>
      <div class="aw-plot-to" style={{ paddingLeft: `${layout.left}px` }}>
        to (key) →
      </div>
      <div class="aw-plot-body" style={{ height: `${layout.top + layout.height + BARS}px` }}>
        {props.namesQueries && (
          <>
            <div
              class="aw-plot-from"
              style={{ width: `${layout.left}px`, top: `${layout.top - fromHeight}px` }}
            >
              from (query) ↓
            </div>
            <Axis
              {...axis.query}
              tokens={stream.queries}
              range={section.queries}
              layout={layout}
              pinned={pinned.query}
            />
          </>
        )}
        <Axis
          {...axis.key}
          tokens={keysOf(stream)}
          range={section.keys}
          layout={layout}
          pinned={pinned.key}
        />
        <div
          class="aw-plot-cells"
          ref={sheet}
          data-waiting={cells === null || undefined}
          style={{
            left: `${layout.left}px`,
            top: `${layout.top}px`,
            width: `${layout.width}px`,
            height: `${layout.height}px`,
          }}
        >
          <canvas ref={base} role="img" aria-label={`Heatmap: ${title}`} />
          <canvas ref={overlay} class="aw-plot-marks" />
        </div>
        {cells && (
          <>
            <Bar {...bar} side="query" values={cells.frame.outgoing} range={section.queries} />
            <Bar {...bar} side="key" values={cells.frame.incoming} range={section.keys} />
            {props.namesQueries && <BarNames {...bar} />}
          </>
        )}
      </div>
    </figure>
  );
}

/** Props of both axes that stay the same, so that an axis renders only when its tokens change. */
function useAxisHandlers(actions: PlotActions) {
  const latest = useLatest(actions);
  return useMemo(() => {
    const of = (side: Side) => ({
      side,
      onToggle: (index: number) => latest.current.togglePin(side, index),
      onFocus: (index: number | null, element: Element | null) => {
        if (index === null) return latest.current.point(null);
        latest.current.reveal(side, index);
        const box = element?.getBoundingClientRect();
        const range = [index, index + 1] as const;
        const at = box ? { x: box.right, y: box.bottom } : null;
        const [queries, keys] = side === "query" ? [range, null] : [null, range];
        latest.current.point({ queries, keys, at });
      },
    });
    return { query: of("query"), key: of("key") };
  }, []);
}
