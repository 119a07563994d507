import { useComputed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { RowsWant } from "../../frame/want";
import { rowsWant } from "../../state/wants";
import type { Framed } from "../common/useFrame";
import type { ViewProps } from "../view";

/** The frame of the head whose chip is hovered, when it is at hand and the selection is not it. */
export function usePreview({
  about,
  stream,
  selection,
  hover,
  source,
}: ViewProps): Framed<RowsWant> | null {
  const pointed = useComputed(() => (hover.value?.token ? undefined : hover.value?.head));
  const head = pointed.value;
  // A head that is not at hand yet is previewed when it comes.
  const arrivals = useComputed(() =>
    pointed.value === undefined ? 0 : source.arrivals.value,
  ).value;
  const { heads } = selection;
  const want = useMemo(() => {
    if (head === undefined || (heads?.length === 1 && heads[0] === head)) return null;
    return rowsWant(about, selection, stream, { heads: [head] });
  }, [head, heads, about, selection, stream]);
  const frame = useMemo(() => want && source.peek(want), [want, source, arrivals]);
  return useMemo(() => (want && frame ? { want, frame, current: true } : null), [want, frame]);
}
