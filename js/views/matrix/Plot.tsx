import { type Signal, useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { prepareCanvas } from "../../draw/canvas";
import { type ColorTable, isLightAt, STEPS } from "../../draw/colormap";
import { headColor, type Scheme } from "../../draw/palette";
import { keysOf, type StreamAbout } from "../../state/about";
import { pinsOn } from "../../state/pins";
import type { Side, TokenRef } from "../../state/selection";
import { useLatest } from "../common/useLatest";
import { Axis } from "./Axis";
import { Bar, BarNames } from "./Bar";
import { drawCells } from "./drawCells";
import { drawOverlay, type Rectangle } from "./drawOverlay";
import type { Section } from "./geometry";
import type { Named } from "./HoverTip";
import type { Spot } from "./hoverTarget";
import { BARS, PITCH, type PlotLayout } from "./layout";
import { countsOf } from "./matrixTerms";
import type { Scale } from "./scale";
import { type PlotActions, usePlotPointer } from "./usePlotPointer";

interface Props {
  /** Null until it is there. */
  matrix: Named | null;
  stream: StreamAbout;
  section: Section;
  layout: PlotLayout;
  colors: ColorTable;
  scale: Scale | null;
  /** What the longest bar stands for. */
  barTop: number;
  scheme: Scheme;
  pins: TokenRef[];
  spot: Signal<Spot | null>;
  /** Whether the queries are written at its left: of two side by side, only at the first. */
  namesQueries: boolean;
  actions: PlotActions;
}

/** One matrix: its cells, the tokens on both axes, their importance as bars, and a crosshair. */
export function Plot(props: Props) {
  const { matrix, stream, section, layout, colors, scale, scheme, pins, spot, actions } = props;
  const cells = matrix?.cells ?? null;
  const title = matrix?.title ?? "…";
  const sheet = useRef<HTMLDivElement>(null);
  const base = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const drag = useSignal<Rectangle | null>(null);
  const isCausal = stream.causal && stream.keys === null;

  useLayoutEffect(() => {
    if (!base.current || !sheet.current || !cells || !scale) return;
    const surface = prepareCanvas(base.current, layout.width, layout.height);
    if (!surface) return;
    const { fontFamily } = getComputedStyle(sheet.current);
    drawCells(surface.context, { cells, section, layout, colors, scale, isCausal }, fontFamily);
  }, [cells, section, layout, colors, scale, isCausal]);

  const drawMarks = () => {
    const surface = overlay.current && prepareCanvas(overlay.current, layout.width, layout.height);
    if (!surface) return;
    const accent = headColor(null, "dark");
    const isLight = isLightAt(colors, scale?.isSigned ? STEPS / 2 : 0);
    const pointed = { spot: spot.value, drag: drag.value };
    const marks = { section, layout, pins, ...pointed, accent, isLight };
    drawOverlay(surface.context, marks);
  };
  const drawMarksRef = useLatest(drawMarks);
  useSignalEffect(() => drawMarksRef.current());
  useLayoutEffect(() => drawMarksRef.current(), [section, layout, pins, colors]);

  const onDrag = (rectangle: Rectangle | null) => {
    drag.value = rectangle;
  };
  const plot = { cells, section, layout, counts: countsOf(stream), onDrag };
  const handlers = usePlotPointer(sheet, plot, actions);

  const pinned = useMemo(
    () => ({ query: pinsOn(pins, "query"), key: pinsOn(pins, "key") }),
    [pins],
  );
  const actionsRef = useLatest(actions);
  const axis = useMemo(() => {
    const of = (side: Side) => ({
      side,
      onToggle: (index: number) => actionsRef.current.togglePin(side, index),
      onFocus: (index: number | null, element: Element | null) => {
        if (index === null) return actionsRef.current.point(null);
        actionsRef.current.reveal(side, index);
        const box = element?.getBoundingClientRect();
        const range = [index, index + 1] as const;
        const at = box ? { x: box.right, y: box.bottom } : null;
        const [queries, keys] = side === "query" ? [range, null] : [null, range];
        actionsRef.current.point({ queries, keys, at });
      },
    });
    return { query: of("query"), key: of("key") };
  }, []);

  const bar = { layout, top: props.barTop, isSigned: scale?.isSigned === true, scheme };
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
            {props.namesQueries && <BarNames layout={layout} top={props.barTop} />}
          </>
        )}
      </div>
    </figure>
  );
}
