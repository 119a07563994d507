import { capital } from "../draw/methodText";
import { methodOf } from "../frame/method";
import { type About, followedIn } from "../state/about";
import { streamOf } from "../state/clamp";
import { shownMethod } from "../state/heads";
import type { Selection } from "../state/selection";
import type { View } from "../views/view";

interface Props {
  about: About;
  view: View;
  selection: Selection;
}

/** The question that the method on the screen answers, which is not always the selected one. */
export function Question({ about, view, selection }: Props) {
  const shown = methodOf(about, shownMethod(about, selection, view));
  const method = view.followsPaths
    ? methodOf(about, followedIn(streamOf(about, selection.stream), shown))
    : shown;
  if (!method.question) return null;
  return (
    <p class="aw-question">
      {method.name !== selection.method && `${capital(method.title)}: `}
      {method.question}
    </p>
  );
}
