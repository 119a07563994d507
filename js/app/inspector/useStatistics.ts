import { useState } from "preact/hooks";
import { methodOf } from "../../frame/method";
import type { RowsWant } from "../../frame/want";
import { statisticsWant } from "../../state/wants";
import { useFrame } from "../../views/common/useFrame";
import type { ViewProps } from "../../views/view";
import { useDebounced } from "./useDebounced";
import { statisticsOf } from "./words";

/**
 * Figures of the one matrix whose rows are shown, once it has been looked at for a moment.
 *
 * They come after the rows, so that what takes long is computed once.
 */
export function useStatistics(
  { about, source, selection, stream }: Omit<ViewProps, "report">,
  shown: RowsWant | null,
): [string, string][] {
  const isOne = shown !== null && (shown.heads?.length ?? 1) === 1;
  const layer = shown?.layer ?? selection.layer;
  const head = shown?.heads?.[0] ?? null;
  const wanted = statisticsWant(about, { ...selection, layer }, stream, head);
  const key = JSON.stringify([isOne, wanted]);
  const isSettled = useDebounced(key);
  const [failed, setFailed] = useState("");
  const isAtHand = isOne && (isSettled || source.peek(wanted) !== undefined);
  const framed = useFrame(source, isAtHand ? wanted : null, (state) => {
    if (state !== "busy") setFailed(key);
  });
  if (!isOne || failed === key || source.lacks?.(wanted)) return [];
  const frame = framed?.current && isAtHand ? framed.frame : undefined;
  return statisticsOf(frame, methodOf(about, wanted.method));
}
