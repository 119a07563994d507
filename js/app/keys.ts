import type { About, StreamAbout } from "../state/about";
import { showsHeads, stepHead } from "../state/heads";
import { undoNarrowing } from "../state/pins";
import type { Selection } from "../state/selection";
import type { Actions, View } from "../views/view";

/** The state that the effect of a key depends on. */
interface Current {
  about: About;
  view: View;
  stream: StreamAbout;
  selection: Selection;
}

/** Escape undoes the last narrowing; arrow keys on the picture itself step layers and heads. */
export function handleKey(event: KeyboardEvent, current: Current, actions: Actions): void {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
  const { selection, view } = current;
  const change =
    event.key === "Escape" ? undoNarrowing(selection, view.undo) : stepOf(event, current);
  if (!change) return;
  event.preventDefault();
  event.stopPropagation();
  actions.select(change);
}

function stepOf(
  { key, target }: KeyboardEvent,
  { about, view, stream, selection }: Current,
): Partial<Selection> | null {
  if (!(target instanceof HTMLElement) || !("picture" in target.dataset)) return null;
  const { layer, heads } = selection;
  const step = (by: 1 | -1) =>
    showsHeads(about, selection, view) ? { heads: stepHead(heads, by, stream.heads) } : null;
  switch (key) {
    case "ArrowLeft":
      return { layer: Math.max(0, layer - 1) };
    case "ArrowRight":
      return { layer: Math.min(stream.layers - 1, layer + 1) };
    case "ArrowUp":
      return step(-1);
    case "ArrowDown":
      return step(1);
    default:
      return null;
  }
}
