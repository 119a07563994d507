import { capital } from "../../draw/methodText";
import type { KnockoutFrame } from "../../frame/knockout";
import type { About } from "../../state/about";
import type { Selection, Target } from "../../state/selection";
import type { FrameSource } from "../../state/source";
import { targetTokens } from "../../state/target";
import { usePredicted } from "../target/usePredicted";
import { targetInWords } from "../target/words";

/** The target whose change is told, in words. */
export function useTargetWords(
  about: About,
  selection: Selection,
  source: FrameSource,
  changed: KnockoutFrame | undefined,
): string {
  const { target = null } = selection as Selection & { target?: Target | null };
  // A file need not hold predictions; those that changed have the likeliest one first.
  const predicted = usePredicted(source, target);
  const listed = changed && {
    ...{ unit: changed.unit, position: changed.position },
    predictions: changed.predictions.map(({ index, text }) => ({ index, text, probability: null })),
  };
  const frame = predicted?.current ? predicted.frame : listed;
  return capital(targetInWords(target, frame, targetTokens(about)));
}
