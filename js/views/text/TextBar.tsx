import type { Selection, Side } from "../../state/selection";
import { Switch } from "../common/Switch";
import type { Actions } from "../view";
import { SearchField } from "./SearchField";
import type { Search } from "./useSearch";
import { LOOKS } from "./words";

interface Props {
  side: Side;
  onTurn(side: Side): void;
  selection: Selection;
  isSigned: boolean;
  actions: Actions;
  search: Search;
}

/** The direction in which the text is read, the scale of its colours, and the search. */
export function TextBar({ side, onTurn, selection, isSigned, actions, search }: Props) {
  return (
    <div class="aw-text-bar">
      <Switch label="The chosen token" options={LOOKS} value={side} onChange={onTurn} />
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
      <SearchField {...search} />
    </div>
  );
}
