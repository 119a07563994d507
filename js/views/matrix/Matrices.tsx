import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Connection } from "../../frame/matrix";
import { keysOf } from "../../state/about";
import { layerNumber } from "../../state/layers";
import { colorsOf } from "../common/scale";
import { useWidth } from "../common/useSize";
import type { ViewProps } from "../view";
import { arrange } from "./arrange";
import { Connections } from "./Connections";
import { HoverTip } from "./HoverTip";
import { useHoverTarget } from "./hoverTarget";
import { Legends } from "./Legends";
import { labelWidth } from "./layout";
import { hasOnlySigns } from "./matrixTerms";
import { Plot } from "./Plot";
import { soloPair } from "./pins";
import { plotActions } from "./plotActions";
import { useMatrices } from "./useMatrices";
import { usePlotStyles } from "./usePlotStyles";
import { useViewport } from "./useViewport";
import { noteOf, noteOnSecond } from "./words";
import { ZoomBar } from "./ZoomBar";

/** Longer inputs offer to be zoomed into. */
const ZOOM_FROM = 24;
/** Connections listed of one matrix, and of each of two. */
const MOST_LISTED = { one: 20, each: 8 };

/** One matrix, two side by side, or their difference, with what is strongest in them. */
export function Matrices(props: ViewProps) {
  const { about, stream, selection, source, hover, actions, report } = props;
  const scheme = props.scheme.value;
  const pins = selection.tokens_selected;
  const isPair = selection.matrix_mode === "compare";
  const root = useRef<HTMLElement>(null);
  const width = useWidth(root);
  const viewport = useViewport(stream);
  const { section, counts } = viewport;
  const { first, second } = useMatrices(source, about, selection, stream, section, report);
  const { hovered, point } = useHoverTarget(hover, first);

  const matrices = useMemo(() => [first, second].filter((each) => each !== null), [first, second]);
  const isDifference = first ? first.want.minus !== null : selection.matrix_mode === "difference";
  const isSigned = matrices.some((matrix) => matrix.isSigned);
  const styles = usePlotStyles(matrices, section, selection, scheme);
  const expected = colorsOf(selection.colormap, scheme, hasOnlySigns(about, selection, stream));
  const blank = { colors: expected, scale: null, barTop: 0, scheme };
  const arranged = useMemo(() => {
    const labels = { query: labelWidth(stream.queries), key: labelWidth(keysOf(stream)) };
    return width > 0 ? arrange(width, section, labels, isPair) : null;
  }, [width, section, stream, isPair]);

  // What was under the pointer is elsewhere now.
  useLayoutEffect(() => point(null), [section]);

  const isDrawn = first?.isCurrent && (!isPair || second?.isCurrent) && arranged !== null;
  useEffect(() => {
    if (isDrawn) report("ready", noteOf(first.cells, section, isSigned));
  }, [isDrawn, matrices, section, arranged, styles, pins]);

  const see = ({ query, key }: Connection) => {
    viewport.reveal({ query, key });
    actions.select({ tokens_selected: soloPair(pins, query, key) });
  };
  const pointAt = (connection: Connection | null) => {
    const one = (index: number) => [index, index + 1] as const;
    point(connection && { queries: one(connection.query), keys: one(connection.key), at: null });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !viewport.isZoomed) return;
    event.preventDefault();
    event.stopPropagation();
    viewport.reset();
  };

  const note = noteOnSecond(about, selection, stream);
  const isCausal = stream.causal && stream.keys === null;
  return (
    <section
      class="aw-matrices"
      ref={root}
      data-picture
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys on it step layers and heads.
      tabIndex={0}
      aria-label={`Matrix of layer ${layerNumber(stream, selection.layer)}. Arrow keys left and right change the layer, up and down the head.`}
      onKeyDown={onKeyDown}
    >
      <div class="aw-matrix-legend">
        <Legends {...{ about, matrices, styles, blank, isCausal }} />
        {(viewport.isZoomed || Math.max(counts.query, counts.key) > ZOOM_FROM) && (
          <ZoomBar {...viewport} />
        )}
      </div>
      {note && <p class="aw-faint aw-matrix-note">{note}</p>}
      {arranged && (
        <div class="aw-matrix-body" data-list={arranged.list}>
          <div class="aw-plots" data-stacked={arranged.isStacked || undefined}>
            {arranged.layouts.map((layout, at) => {
              const matrix = (at === 0 ? first : second) ?? null;
              const style = (matrix && styles[matrices.indexOf(matrix)]) ?? blank;
              return (
                <Plot
                  key={at}
                  {...{ matrix, stream, section, layout, style, pins, hovered }}
                  namesQueries={at === 0 || arranged.isStacked}
                  actions={plotActions(selection, actions, viewport, point)}
                />
              );
            })}
          </div>
          <div class="aw-connection-lists">
            {matrices.map(({ title, cells, isSigned }, at) => (
              <Connections
                key={at}
                title={isPair ? `Strongest in ${title.toLowerCase()}` : "Strongest connections"}
                connections={cells.frame.critical.slice(
                  0,
                  isPair ? MOST_LISTED.each : MOST_LISTED.one,
                )}
                {...{ stream, pins, isDifference, isSigned }}
                onPoint={pointAt}
                onPick={see}
              />
            ))}
          </div>
        </div>
      )}
      <HoverTip {...{ about, hovered, matrices, stream, root, isSigned }} />
    </section>
  );
}
