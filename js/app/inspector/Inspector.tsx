import { useComputed } from "@preact/signals";
import { methodOf } from "../../frame/method";
import { rowsWant, summaryWant } from "../../state/wants";
import { useFrame } from "../../views/common/useFrame";
import type { ViewProps } from "../../views/view";
import { Parts } from "../parts/Parts";
import { Figures } from "./Figures";
import { Pins } from "./Pins";
import { Ranked } from "./Ranked";
import { TargetNote } from "./TargetNote";
import { usePointed } from "./usePointed";
import { useStatistics } from "./useStatistics";
import { hiddenInWords, titleOf } from "./words";

/** Says in words and numbers what is on the screen. */
export function Inspector(props: Omit<ViewProps, "report">) {
  const { about, stream, selection, hover, source } = props;
  const selected = useFrame(source, rowsWant(about, selection, stream));
  const pointed = usePointed(props);
  const shown = pointed ?? selected;
  const layer = shown?.want.layer ?? selection.layer;
  const summary = useFrame(source, summaryWant(stream, layer));
  const hovered = useComputed(() => hover.value?.token).value;
  const token = hovered ?? selection.tokens_selected.at(-1);
  const isCurrent = shown?.current === true;
  const statistics = useStatistics(props, isCurrent ? shown.want : null);
  if (!shown) return <aside class="aw-inspector" aria-label="Inspector" />;

  const { frame, want } = shown;
  const method = methodOf(about, want.method);
  const hidden = hiddenInWords(frame, method);
  return (
    <aside class="aw-inspector" aria-label="Inspector">
      <header>
        <h3>{titleOf(want, method, stream)}</h3>
        <TargetNote {...props} />
      </header>
      <Ranked {...props} {...{ frame, want, method }} token={token ?? null} />
      {method.is_part_of_logit && <Parts {...props} />}
      {hidden && <p class="aw-hidden">{hidden}</p>}
      <Pins pins={selection.tokens_selected} stream={stream} actions={props.actions} />
      <Figures
        summary={method.is_attention && summary?.current ? summary.frame : undefined}
        heads={want.heads}
        statistics={statistics}
        isSigned={method.signed}
      />
    </aside>
  );
}
