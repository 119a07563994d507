import type { PredictionsFrame } from "../../frame/predictions";
import type { Target } from "../../state/selection";
import type { FrameSource } from "../../state/source";
import { namesWant, positionOf, predictionsWant } from "../../state/target";
import { useFrame } from "../../views/common/useFrame";

export interface Predicted {
  /** The likeliest tokens or classes where a target is, and after them those that it names. */
  frame: PredictionsFrame;
  /** False while these are the predictions of an earlier target. */
  current: boolean;
}

/** The predictions where a target is; null before they are there. */
export function usePredicted(source: FrameSource, target: Target | null): Predicted | null {
  const asked = useFrame(source, predictionsWant(positionOf(target)));
  const listed = asked?.current ? asked.frame.predictions : null;
  const want = listed && namesWant(target, listed);
  const named = useFrame(source, want);
  if (!asked) return null;
  if (!want || !named?.current) return { frame: asked.frame, current: asked.current && !want };
  return { frame: { ...asked.frame, predictions: named.frame.predictions }, current: true };
}
