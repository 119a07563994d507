import type { MatrixMode, Selection } from "../../state/selection";
import type { Actions } from "../view";

const MODES: [MatrixMode, string][] = [
  ["single", "One"],
  ["compare", "Compare"],
  ["difference", "Difference"],
  ["evolution", "Evolution"],
];

interface Props {
  selection: Selection;
  /** All matrices may have negative values. */
  isSigned: boolean;
  actions: Actions;
}

/** Controls for the number of matrices, their colours and their scale. */
export function MatrixBar({ selection, isSigned, actions }: Props) {
  const isDifference = selection.matrix_mode === "difference";
  const signed = isDifference ? "A difference is" : "Values with signs are";
  return (
    // A form of its own keeps the radio buttons of two widgets on one page apart.
    <form class="aw-matrix-bar" onSubmit={(event) => event.preventDefault()}>
      <fieldset class="aw-tabs" aria-label="Matrices">
        {MODES.map(([mode, label]) => (
          <label key={mode}>
            <input
              type="radio"
              name="matrix_mode"
              value={mode}
              checked={selection.matrix_mode === mode}
              onChange={() => actions.select({ matrix_mode: mode })}
            />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      <label class="aw-field">
        <span>Colours</span>
        <select
          name="colormap"
          value={selection.colormap}
          disabled={isSigned}
          title={isSigned ? `${signed} orange and blue around zero` : undefined}
          onChange={(event) =>
            actions.select({ colormap: event.currentTarget.value as Selection["colormap"] })
          }
        >
          <option value="viridis">viridis</option>
          <option value="blues">blues</option>
        </select>
      </label>
      <label class="aw-field">
        <span>Scale</span>
        <select
          name="scale"
          value={selection.scale}
          onChange={(event) =>
            actions.select({ scale: event.currentTarget.value as Selection["scale"] })
          }
        >
          <option value="fitted">fitted, square root</option>
          <option value="unit">{isSigned ? "−1 to 1, linear" : "0 to 1, linear"}</option>
        </select>
      </label>
    </form>
  );
}
