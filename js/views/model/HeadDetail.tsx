import { useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentType } from "preact";
import { useMemo } from "preact/hooks";
import { capital } from "../../draw/methodText";
import { methodOf } from "../../frame/method";
import type { SummaryFrame } from "../../frame/summary";
import type { Hover, ViewProps } from "../view";
import { headCharacter, headName } from "./describe";
import type { HeadRef } from "./headRef";

interface HeadDetailProps extends ViewProps, HeadRef {
  summary: SummaryFrame | undefined;
  width: number;
  Detail: ComponentType<ViewProps>;
  onClose(): void;
}

/** One head with its tokens, as the head view shows it. */
export function HeadDetail(props: HeadDetailProps) {
  const { layer, head, summary, width, Detail, onClose, ...view } = props;
  const selection = useMemo(
    () => ({ ...view.selection, layer, heads: [head] }),
    [view.selection, layer, head],
  );
  // The head view previews heads that are hovered; those of the grid lie in other layers.
  const hover = useSignal<Hover | null>(null);
  useSignalEffect(() => {
    view.hover.value = hover.value;
  });
  const method = methodOf(view.about, selection.method);
  const name = headName(view.stream, layer, head, method);
  return (
    <section class="aw-detail" style={{ width: `${width}px` }} aria-label={`Detail of ${name}`}>
      <header>
        <h3>{capital(name)}</h3>
        <span>{headCharacter(summary, head, method)}</span>
        <button type="button" aria-label="Close the detail" onClick={onClose}>
          Close
        </button>
      </header>
      <Detail {...view} hover={hover} selection={selection} />
    </section>
  );
}
