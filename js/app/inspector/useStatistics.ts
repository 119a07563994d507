import type { StreamAbout } from "../../state/about";
import type { Selection } from "../../state/selection";
import type { FrameSource } from "../../state/source";
import { statisticsWant } from "../../state/wants";
import { useFrame } from "../../views/useFrame";
import { useRested } from "./useRested";
import { statisticsOf } from "./words";

/** Figures of the matrix on the screen, once one picture has been looked at for a moment. */
export function useStatistics(
  source: FrameSource,
  selection: Selection,
  stream: StreamAbout,
  heads: number[] | null,
): [string, string][] {
  const isOne = heads === null || heads.length === 1;
  const wanted = statisticsWant(selection, stream, heads?.[0] ?? null);
  const hasRested = useRested(JSON.stringify(wanted));
  const isAtHand = isOne && (hasRested || source.peek(wanted) !== undefined);
  const framed = useFrame(source, isAtHand ? wanted : null);
  return framed?.current && isAtHand ? statisticsOf(framed.frame, framed.want.method) : [];
}
