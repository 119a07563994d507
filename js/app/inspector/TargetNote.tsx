import { methodOf, settingOf, targetSetting } from "../../frame/method";
import type { Target } from "../../state/selection";
import { targetTokens } from "../../state/target";
import type { ViewProps } from "../../views/view";
import { usePredicted } from "../target/usePredicted";
import { targetInWords } from "../target/words";

type Props = Pick<ViewProps, "about" | "selection" | "source">;

/** The target of the gradients, where the method uses any. */
export function TargetNote({ about, selection, source }: Props) {
  const setting = targetSetting(methodOf(about, selection.method));
  if (!setting) return null;
  return <Words {...{ about, source }} target={settingOf(selection, setting)} />;
}

function Words({ about, source, target }: Omit<Props, "selection"> & { target: Target | null }) {
  const predicted = usePredicted(source, target);
  if (!predicted?.current) return null;
  return (
    <p class="aw-faint">
      by gradients of {targetInWords(target, predicted.frame, targetTokens(about))}
    </p>
  );
}
