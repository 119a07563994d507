import { useMemo, useRef, useState } from "preact/hooks";
import { capital } from "../../draw/methodText";
import { methodOf } from "../../frame/method";
import { keysOf, type TokenList } from "../../state/about";
import { layersInWords } from "../../state/layers";
import { pinsOn } from "../../state/pins";
import { rowsWant } from "../../state/wants";
import { useFrame } from "../common/useFrame";
import type { ViewProps } from "../view";
import { Column } from "./Column";
import { Legend } from "./Legend";
import { LineTip } from "./LineTip";
import { layoutColumn } from "./layout";
import type { Lines } from "./lines";
import { noteOf } from "./note";
import { useLinesCanvas } from "./useLinesCanvas";
import { usePointer } from "./usePointer";
import { usePreview } from "./usePreview";

const CHARACTER_PX = 7.4;

/** Two columns of tokens and the attention between them as lines. */
export function HeadView(props: ViewProps) {
  const { about, stream, selection, source, scheme, report } = props;
  const keyTokens = keysOf(stream);
  const queries = useMemo(() => layoutColumn(stream.queries), [stream]);
  const keys = useMemo(() => layoutColumn(keyTokens), [keyTokens]);
  const viewport = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const columns = { query: useRef<HTMLDivElement>(null), key: useRef<HTMLDivElement>(null) };
  const [top, setTop] = useState(0);

  const selected = useFrame(source, rowsWant(about, selection, stream), report);
  const previewed = usePreview(props);
  const framed = previewed ?? selected;
  const pins = selection.tokens_selected;
  const method = methodOf(about, selection.method);
  const drawnMethod = framed ? methodOf(about, framed.want.method) : method;

  const onDrawn = (lines: Lines) => {
    setTop(lines.top);
    if (!framed || !selected?.current) return;
    const { coverage } = selection;
    const count = keyTokens.text.length;
    const note = noteOf(
      ...([lines, framed.frame, coverage, count, stream.causal, pins.length] as const),
      drawnMethod.signed,
    );
    report("ready", note);
  };
  const lines = useLinesCanvas(
    { viewport, canvas, columns },
    props,
    framed,
    { queries, keys },
    drawnMethod.signed,
    {
      busy: () => !previewed && framed?.current && report("busy"),
      drawn: onDrawn,
    },
  );
  const pinnedQueries = useMemo(() => new Set(pinsOn(pins, "query")), [pins]);
  const pinnedKeys = useMemo(() => new Set(pinsOn(pins, "key")), [pins]);
  const { handlers, tip } = usePointer(props, lines, viewport);
  const widths = useMemo(
    () => ({ "--aw-query-width": widthOf(stream.queries), "--aw-key-width": widthOf(keyTokens) }),
    [stream, keyTokens],
  );

  return (
    <div class="aw-head" data-signed={drawnMethod.signed || undefined} style={widths}>
      <Legend method={drawnMethod} top={top} scheme={scheme.value} />
      <section
        class="aw-head-viewport"
        ref={viewport}
        data-picture
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and arrow keys on it step layers and heads.
        tabIndex={0}
        aria-label={`${capital(method.title)} of ${layersInWords(method, stream, selection.layer)}. Arrow keys left and right change the layer, up and down the head.`}
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
          method={drawnMethod}
          stream={stream}
          layer={framed.want.layer}
          fusion={framed.want.fusion}
          queryText={stream.queries.text[tip.link.query] ?? ""}
          keyText={keyTokens.text[tip.link.key] ?? ""}
          scheme={scheme.value}
        />
      )}
    </div>
  );
}

function widthOf(tokens: TokenList): string {
  const longest = tokens.text.reduce((most, text) => Math.max(most, text.length), 0);
  return `min(${Math.round(Math.max(10, longest) * CHARACTER_PX + 18)}px, 190px, 28cqi)`;
}
