import type { Selection } from "../../state/selection";
import type { Actions } from "../view";
import { zoom } from "./geometry";
import { type HoverTarget, only } from "./hoverTarget";
import { togglePair } from "./pins";
import type { PlotActions } from "./usePlotPointer";
import type { Viewport } from "./useViewport";

/** A pooled cell that is clicked is seen so much larger. */
const CELL_ZOOM = 1 / 4;

/** The requests of a plot, as changes of the selection and of the viewport. */
export function plotActions(
  selection: Selection,
  actions: Actions,
  { section, counts, show, reveal }: Viewport,
  point: (target: HoverTarget | null) => void,
): PlotActions {
  return {
    point,
    zoomTo: show,
    reveal: (side, index) => reveal({ [side]: index }),
    togglePin: (side, index) => actions.togglePin({ side, index }),
    pick: ({ queries, keys }) => {
      if (!queries || !keys) return;
      const [query, key] = [only(queries), only(keys)];
      if (query !== null && key !== null) {
        const pins = togglePair(selection.tokens_selected, query, key);
        actions.select({ tokens_selected: pins });
      } else {
        show({
          queries: zoom(section.queries, CELL_ZOOM, queries[0], counts.query),
          keys: zoom(section.keys, CELL_ZOOM, keys[0], counts.key),
        });
      }
    },
  };
}
