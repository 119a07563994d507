import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Connection } from "../../frame/matrix";
import { methodOf } from "../../frame/method";
import { keysOf } from "../../state/about";
import { useWidth } from "../common/useSize";
import type { ViewProps } from "../view";
import { arrange } from "./arrange";
import { ColorBar } from "./ColorBar";
import { Connections } from "./Connections";
import { colorsOf } from "./colors";
import { longestBar } from "./drawBars";
import { SpotTip } from "./HoverTip";
import { labelWidth } from "./layout";
import { Plot } from "./Plot";
import { soloPair } from "./pins";
import { plotActions } from "./plotActions";
import { scaleOf } from "./scale";
import { usePointed } from "./useHoverTarget";
import { useMatrices } from "./useMatrices";
import { useLook } from "./useViewport";
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
  const look = useLook(stream);
  const { section, counts } = look;
  const { first, second } = useMatrices(source, about, selection, stream, section, report);
  const { spot, point } = usePointed(hover, first);

  const matrices = useMemo(() => [first, second].filter((each) => each !== null), [first, second]);
  const isDifference = first ? first.want.minus !== null : selection.matrix_mode === "difference";
  const isSigned = isDifference || matrices.some(({ want }) => methodOf(about, want.method).signed);
  const colors = colorsOf(selection.colormap, scheme, isSigned);
  const scale = useMemo(() => {
    const frames = matrices.map(({ cells }) => cells.frame);
    return frames.length > 0 ? scaleOf(frames, selection.scale, isSigned) : null;
  }, [matrices, selection.scale, isSigned]);
  const barTop = useMemo(
    () =>
      longestBar(
        matrices.map(({ cells }) => cells.frame),
        section,
      ),
    [matrices, section],
  );
  const arranged = useMemo(() => {
    const labels = { query: labelWidth(stream.queries), key: labelWidth(keysOf(stream)) };
    return width > 0 ? arrange(width, section, labels, isPair) : null;
  }, [width, section, stream, isPair]);

  // What was under the pointer is elsewhere now.
  useLayoutEffect(() => point(null), [section]);

  const isDrawn = first?.isCurrent && (!isPair || second?.isCurrent) && arranged !== null;
  useEffect(() => {
    if (isDrawn) report("ready", noteOf(first.cells, section));
  }, [isDrawn, matrices, section, arranged, scale, colors, pins]);

  const see = ({ query, key }: Connection) => {
    look.reveal({ query, key });
    actions.select({ tokens_selected: soloPair(pins, query, key) });
  };
  const pointAt = (connection: Connection | null) => {
    const one = (index: number) => [index, index + 1] as const;
    point(connection && { queries: one(connection.query), keys: one(connection.key), at: null });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !look.isZoomed) return;
    event.preventDefault();
    event.stopPropagation();
    look.reset();
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
      aria-label={`Matrix of layer ${selection.layer}. Arrow keys left and right change the layer, up and down the head.`}
      onKeyDown={onKeyDown}
    >
      <div class="aw-matrix-legend">
        <ColorBar {...{ colors, scale, isCausal, isDifference }} />
        {(look.isZoomed || Math.max(counts.query, counts.key) > ZOOM_FROM) && <ZoomBar {...look} />}
      </div>
      {note && <p class="aw-faint aw-matrix-note">{note}</p>}
      {arranged && (
        <div class="aw-matrix-body" data-list={arranged.list}>
          <div class="aw-plots" data-stacked={arranged.isStacked || undefined}>
            {arranged.layouts.map((layout, at) => (
              <Plot
                key={at}
                matrix={(at === 0 ? first : second) ?? null}
                {...{ stream, section, layout, colors, scale, barTop, scheme, pins, spot }}
                namesQueries={at === 0 || arranged.isStacked}
                actions={plotActions(selection, actions, look, point)}
              />
            ))}
          </div>
          <div class="aw-connection-lists">
            {matrices.map(({ title, cells }, at) => (
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
      <SpotTip {...{ spot, matrices, stream, root }} />
    </section>
  );
}
