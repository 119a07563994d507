import { useComputed, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { observeSize } from "../../draw/canvas";
import { capital, layersInWords, methodName, nameOfValues } from "../../draw/methodText";
import type { RowsWant } from "../../frame/want";
import { keysOf, type TokenList } from "../../state/about";
import type { Side } from "../../state/selection";
import { rowsWant } from "../../state/wants";
import { type Framed, useFrame } from "../common/useFrame";
import type { ViewProps } from "../view";
import { Column } from "./Column";
import { Legend } from "./Legend";
import { LineTip } from "./LineTip";
import { layoutColumn } from "./layout";
import { Picture } from "./linesCanvas";
import { noteOf } from "./note";
import { usePointer } from "./usePointer";

const CHARACTER_PX = 7.4;

/** Two columns of tokens and the attention between them as lines. */
export function HeadView(props: ViewProps) {
  const { stream, selection, hover, source, scheme, report } = props;
  const keyTokens = keysOf(stream);
  const queries = useMemo(() => layoutColumn(stream.queries), [stream]);
  const keys = useMemo(() => layoutColumn(keyTokens), [keyTokens]);
  const viewport = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const columns = { query: useRef<HTMLDivElement>(null), key: useRef<HTMLDivElement>(null) };
  const [picture, setPicture] = useState<Picture | null>(null);
  const [top, setTop] = useState(0);

  const selected = useFrame(source, rowsWant(selection, stream), report);
  const previewed = usePreview(props);
  const framed = previewed ?? selected;

  const drawn = useRef<(lines: Parameters<typeof noteOf>[0]) => void>(() => undefined);
  drawn.current = (lines) => {
    setTop(lines.top);
    if (!framed || !selected?.current) return;
    const pins = selection.tokens_selected.length;
    const { coverage } = selection;
    const count = keyTokens.text.length;
    report("ready", noteOf(lines, framed.frame, coverage, count, stream.causal, pins));
  };

  useLayoutEffect(() => {
    const [box, sheet] = [viewport.current, canvas.current];
    const [query, key] = [columns.query.current, columns.key.current];
    if (!box || !sheet || !query || !key) return;
    const lifetime = new AbortController();
    const places = { canvas: sheet, viewport: box, columns: { query, key } };
    const made = new Picture(places, lifetime.signal, (lines) => drawn.current(lines));
    observeSize(box, lifetime.signal, () => made.invalidate());
    setPicture(made);
    return () => lifetime.abort();
  }, []);

  const shownBefore = useRef<object>(queries);
  const pins = selection.tokens_selected;
  useLayoutEffect(() => {
    if (!picture || !framed) return;
    if (!previewed && framed.current) report("busy");
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const scene = {
      frame: framed.frame,
      heads: framed.want.heads ?? [null],
      queries,
      keys,
      coverage: selection.coverage,
      scheme: scheme.value,
    };
    const token = hover.peek()?.token ?? null;
    picture.show(scene, { pins, token }, !calm && shownBefore.current === queries);
    shownBefore.current = queries;
  }, [
    picture,
    framed,
    previewed,
    queries,
    keys,
    pins,
    selection.coverage,
    scheme.value,
    hover,
    report,
  ]);

  const focused = useComputed(() => hover.value?.token ?? null);
  useSignalEffect(() => {
    const token = focused.value;
    picture?.hover(token);
  });

  const pinnedOn = (side: Side) => pins.filter((pin) => pin.side === side).map((pin) => pin.index);
  const pinnedQueries = useMemo(() => new Set(pinnedOn("query")), [pins]);
  const pinnedKeys = useMemo(() => new Set(pinnedOn("key")), [pins]);
  const { handlers, tip } = usePointer(props, picture, viewport);

  const widths = useMemo(
    () => ({ "--aw-query-width": widthOf(stream.queries), "--aw-key-width": widthOf(keyTokens) }),
    [stream, keyTokens],
  );

  return (
    <div class="aw-head" style={widths}>
      <Legend name={nameOfValues(framed?.want.method ?? selection.method)} top={top} />
      <section
        class="aw-head-viewport"
        ref={viewport}
        data-picture
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and arrow keys on it step layers and heads.
        tabIndex={0}
        aria-label={`${capital(methodName(selection.method))} of ${layersInWords(selection.method, selection.layer)}. Arrow keys left and right change the layer, up and down the head.`}
        {...handlers}
      >
        <div
          class="aw-head-content"
          style={{ height: `${Math.max(queries.height, keys.height)}px` }}
        >
          <canvas ref={canvas} />
          {/* biome-ignore lint/a11y/useSemanticElements: a column of tokens is no form fieldset. */}
          <div
            class="aw-column aw-column-query"
            role="group"
            aria-label="from (query)"
            ref={columns.query}
            style={{ height: `${queries.height}px` }}
          >
            <Column side="query" tokens={stream.queries} layout={queries} pinned={pinnedQueries} />
          </div>
          {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
          <div
            class="aw-column aw-column-key"
            role="group"
            aria-label="to (key)"
            ref={columns.key}
            style={{ height: `${keys.height}px` }}
          >
            <Column side="key" tokens={keyTokens} layout={keys} pinned={pinnedKeys} />
          </div>
        </div>
      </section>
      {tip && framed && (
        <LineTip
          {...tip}
          layers={layersInWords(framed.want.method, framed.want.layer)}
          fusion={framed.want.fusion}
          queryText={stream.queries.text[tip.link.query] ?? ""}
          keyText={keyTokens.text[tip.link.key] ?? ""}
          scheme={scheme.value}
        />
      )}
    </div>
  );
}

/** The frame of the head whose chip is hovered, when it is at hand and the selection is not it. */
function usePreview({ stream, selection, hover, source }: ViewProps): Framed<RowsWant> | null {
  const pointed = useComputed(() => (hover.value?.token ? undefined : hover.value?.head));
  const head = pointed.value;
  // A head that is not at hand yet is previewed when it comes.
  const arrivals = useComputed(() =>
    pointed.value === undefined ? 0 : source.arrivals.value,
  ).value;
  const { heads } = selection;
  const want = useMemo(() => {
    if (head === undefined || (heads?.length === 1 && heads[0] === head)) return null;
    return rowsWant(selection, stream, { heads: [head] });
  }, [head, heads, selection, stream]);
  const frame = useMemo(() => want && source.peek(want), [want, source, arrivals]);
  return useMemo(() => (want && frame ? { want, frame, current: true } : null), [want, frame]);
}

function widthOf(tokens: TokenList): string {
  const longest = tokens.text.reduce((most, text) => Math.max(most, text.length), 0);
  return `min(${Math.round(Math.max(10, longest) * CHARACTER_PX + 18)}px, 190px, 28cqi)`;
}
