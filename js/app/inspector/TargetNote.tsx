import { methodOf, settingOf, targetSetting } from "../../frame/method";
import { predictionsWant, targetTokens } from "../../state/target";
import { useFrame } from "../../views/common/useFrame";
import type { ViewProps } from "../../views/view";
import { targetInWords } from "../target/words";

/** The target of the gradients, where the method uses any. */
export function TargetNote({
  about,
  selection,
  source,
}: Pick<ViewProps, "about" | "selection" | "source">) {
  const setting = targetSetting(methodOf(about, selection.method));
  const target = setting ? settingOf(selection, setting) : null;
  const want = setting ? predictionsWant(target?.position ?? null) : null;
  const predicted = useFrame(source, want);
  if (!want || !predicted?.current) return null;
  return (
    <p class="aw-faint">
      by gradients of {targetInWords(target, predicted.frame, targetTokens(about))}
    </p>
  );
}
