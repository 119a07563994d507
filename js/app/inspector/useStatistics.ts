import { useEffect, useState } from "preact/hooks";
import type { StreamAbout } from "../../state/about";
import type { Selection } from "../../state/selection";
import type { FrameSource } from "../../state/source";
import { statisticsWant } from "../../state/wants";
import { useFrame } from "../../views/useFrame";
import { statisticsOf } from "./words";

/** What the pointer passes by on its way is not asked about. */
const RESTS_AFTER = 150;

/** Figures of the matrix on the screen, once one picture has been looked at for a moment. */
export function useStatistics(
  source: FrameSource,
  selection: Selection,
  stream: StreamAbout,
  heads: number[] | null,
): [string, string][] {
  const isOne = heads === null || heads.length === 1;
  const wanted = statisticsWant(selection, stream, heads?.[0] ?? null);
  const key = isOne ? JSON.stringify(wanted) : "";
  const [rested, setRested] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setRested(key), RESTS_AFTER);
    return () => clearTimeout(timer);
  }, [key]);
  const isAtHand = isOne && (rested === key || source.peek(wanted) !== undefined);
  const framed = useFrame(source, isAtHand ? wanted : null);
  return framed?.current && isAtHand ? statisticsOf(framed.frame, framed.want.method) : [];
}
