import { useComputed } from "@preact/signals";
import { methodOf } from "../../frame/method";
import type { RowsWant } from "../../frame/want";
import { rowsWant } from "../../state/wants";
import { type Framed, useFrame } from "../../views/common/useFrame";
import type { ViewProps } from "../../views/view";
import { useDebounced } from "./useDebounced";

/** The rows of the head under the pointer: at once where they are at hand, else once it rests. */
export function usePointed({
  about,
  stream,
  selection,
  hover,
  source,
}: Pick<
  ViewProps,
  "about" | "stream" | "selection" | "hover" | "source"
>): Framed<RowsWant> | null {
  const head = useComputed(() => hover.value?.head).value;
  const layer = useComputed(() => hover.value?.layer).value ?? selection.layer;
  const isSettled = useDebounced(`${layer} ${head}`);
  const want =
    head === undefined || !methodOf(about, selection.method).per_head
      ? null
      : rowsWant(about, selection, stream, { layer, heads: [head] });
  const framed = useFrame(source, want && (isSettled || source.peek(want)) ? want : null);
  return want && framed?.current ? framed : null;
}
