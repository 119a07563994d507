import type { Cut } from "../../frame/cut";
import type { About } from "../../state/about";
import { cutInWords } from "../../state/cuts";
import type { Actions } from "../../views/view";

interface Props {
  about: About;
  cuts: Cut[];
  actions: Actions;
}

/** What is cut, each to be undone. */
export function CutList({ about, cuts, actions }: Props) {
  if (cuts.length === 0) return null;
  const undo = (left: Cut[]) =>
    actions.select(left.length > 0 ? { cuts: left } : { cuts: left, run: "before" });
  return (
    <>
      <ul class="aw-cut-list" aria-label="What is cut">
        {cuts.map((cut, place) => (
          <li key={place}>
            <span>{cutInWords(cut, about)}</span>
            {!about.views && (
              <button
                type="button"
                aria-label={`Undo: ${cutInWords(cut, about)}`}
                title="Undo this cut"
                onClick={() => undo(cuts.filter((_, other) => other !== place))}
              >
                ×
              </button>
            )}
          </li>
        ))}
      </ul>
      {cuts.length > 1 && !about.views && (
        <button type="button" class="aw-button" name="undo_cuts" onClick={() => undo([])}>
          Undo all
        </button>
      )}
    </>
  );
}
