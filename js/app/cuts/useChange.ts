import { useState } from "preact/hooks";
import type { Want } from "../../frame/want";
import type { FrameSource } from "../../state/source";
import { type Framed, useFrame } from "../../views/common/useFrame";

/** The frame of a panel, and why it does not come: the panel says so in its own place. */
export function useChange<W extends Want>(
  source: FrameSource,
  want: W | null,
): { shown: Framed<W> | null; problem: string | null; isAbsent: boolean } {
  const isAbsent = want !== null && (source.lacks?.(want) ?? false);
  const [problem, setProblem] = useState<string | null>(null);
  const shown = useFrame(source, isAbsent ? null : want, (state, note) => {
    setProblem(state === "error" ? (note ?? "") : null);
  });
  return { shown, problem: shown?.current ? null : problem, isAbsent };
}
