import type { About, StreamAbout } from "../state/about";
import { showsHeads, stepHead } from "../state/heads";
import { undoNarrowing } from "../state/pins";
import type { Selection } from "../state/selection";
import type { Actions, View } from "../views/view";

/** Escape undoes the last narrowing; arrow keys on the picture itself step layers and heads. */
export function handleKey(
  event: KeyboardEvent,
  about: About,
  view: View,
  selection: Selection,
  stream: StreamAbout,
  actions: Actions,
): void {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
  const change =
    event.key === "Escape"
      ? undoNarrowing(selection, view.undo)
      : stepOf(event, about, view, selection, stream);
  if (!change) return;
  event.preventDefault();
  event.stopPropagation();
  actions.select(change);
}

function stepOf(
  { key, target }: KeyboardEvent,
  about: About,
  view: View,
  selection: Selection,
  stream: StreamAbout,
): Partial<Selection> | null {
  if (!(target instanceof HTMLElement) || !("picture" in target.dataset)) return null;
  const { layer, heads } = selection;
  const stepHeads = (step: 1 | -1) =>
    showsHeads(about, selection, view) ? { heads: stepHead(heads, step, stream.heads) } : null;
  switch (key) {
    case "ArrowLeft":
      return { layer: Math.max(0, layer - 1) };
    case "ArrowRight":
      return { layer: Math.min(stream.layers - 1, layer + 1) };
    case "ArrowUp":
      return stepHeads(-1);
    case "ArrowDown":
      return stepHeads(1);
    default:
      return null;
  }
}
