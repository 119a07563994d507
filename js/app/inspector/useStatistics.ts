import { useState } from "preact/hooks";
import type { RowsWant } from "../../frame/want";
import type { StreamAbout } from "../../state/about";
import type { Selection } from "../../state/selection";
import type { FrameSource } from "../../state/source";
import { statisticsWant } from "../../state/wants";
import { useFrame } from "../../views/common/useFrame";
import { useDebounced } from "./useDebounced";
import { statisticsOf } from "./words";

/**
 * Figures of the one matrix whose rows are shown, once it has been looked at for a moment.
 *
 * They come after the rows, so that what takes long is computed once.
 */
export function useStatistics(
  source: FrameSource,
  selection: Selection,
  stream: StreamAbout,
  shown: RowsWant | null,
): [string, string][] {
  const isOne = shown !== null && (shown.heads?.length ?? 1) === 1;
  const layer = shown?.layer ?? selection.layer;
  const wanted = statisticsWant({ ...selection, layer }, stream, shown?.heads?.[0] ?? null);
  const key = JSON.stringify([isOne, wanted]);
  const isSettled = useDebounced(key);
  const [failed, setFailed] = useState("");
  const isAtHand = isOne && (isSettled || source.peek(wanted) !== undefined);
  const framed = useFrame(source, isAtHand ? wanted : null, (state) => {
    if (state !== "busy") setFailed(key);
  });
  if (!isOne || failed === key || source.lacks?.(wanted)) return [];
  return statisticsOf(framed?.current && isAtHand ? framed.frame : undefined, wanted.method);
}
