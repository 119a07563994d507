import { capital } from "../../draw/methodText";
import type { About } from "../../state/about";
import type { Selection, Target } from "../../state/selection";
import type { FrameSource } from "../../state/source";
import { targetTokens } from "../../state/target";
import { usePredicted } from "../target/usePredicted";
import { targetInWords } from "../target/words";

/** The target whose change is told, in words. */
export function useTargetWords(about: About, selection: Selection, source: FrameSource): string {
  const { target = null } = selection as Selection & { target?: Target | null };
  const predicted = usePredicted(source, target);
  const frame = predicted?.current ? predicted.frame : undefined;
  return capital(targetInWords(target, frame, targetTokens(about)));
}
