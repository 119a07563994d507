import { useComputed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { rowsWant, summaryWant } from "../../state/wants";
import { useFrame } from "../../views/useFrame";
import type { ViewProps } from "../../views/view";
import { Figures } from "./Figures";
import { Pins } from "./Pins";
import { Ranked } from "./Ranked";
import { useStatistics } from "./useStatistics";
import { hiddenInWords, titleOf } from "./words";

/** Says in words and numbers what is on the screen. */
export function Inspector(props: Omit<ViewProps, "report">) {
  const { stream, selection, hover, source } = props;
  const head = useComputed(() => hover.value?.head).value;
  const selected = useFrame(source, rowsWant(selection, stream));
  const summary = useFrame(source, summaryWant(stream, selection.layer));
  const previewed = useMemo(() => {
    if (head === undefined) return null;
    const want = rowsWant(selection, stream, { heads: [head] });
    const frame = source.peek(want);
    return frame ? { want, frame } : null;
  }, [head, selection, stream, source]);
  const shown = previewed ?? selected;
  const hovered = useComputed(() => hover.value?.token).value;
  const token = hovered ?? selection.tokens_selected.at(-1);
  const heads = shown ? shown.want.heads : selection.heads;
  const statistics = useStatistics(source, selection, stream, heads);
  if (!shown) return <aside class="aw-inspector" aria-label="Inspector" />;

  const { frame, want } = shown;
  const hidden = hiddenInWords(frame, want.method);
  const isAttention = want.method === "attention";
  return (
    <aside class="aw-inspector" aria-label="Inspector">
      <h3>{titleOf(want, stream.heads)}</h3>
      <Ranked {...props} frame={frame} want={want} token={token ?? null} />
      {hidden && <p class="aw-hidden">{hidden}</p>}
      <Pins pins={selection.tokens_selected} stream={stream} actions={props.actions} />
      <Figures
        summary={isAttention && summary?.current ? summary.frame : undefined}
        heads={want.heads}
        statistics={statistics}
      />
    </aside>
  );
}
