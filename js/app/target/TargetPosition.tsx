import type { TokenList } from "../../state/about";
import type { View } from "../../views/view";
import { TokenOptions } from "./TokenOptions";

interface Props {
  view: View;
  tokens: TokenList;
  /** Null is every position. */
  position: number | null;
  onChange(position: number | null): void;
  /** The next click on a token of the picture is to choose the position. */
  onPick(): void;
}

/** The position of the text at which the target is, chosen from a list or in the picture. */
export function TargetPosition({ view, tokens, position, onChange, onPick }: Props) {
  return (
    <div class="aw-target-position">
      <label class="aw-field">
        <span>Position</span>
        <select
          name="target_position"
          value={position ?? ""}
          onChange={({ currentTarget: { value } }) => onChange(value === "" ? null : Number(value))}
        >
          {position === null && <option value="">all tokens</option>}
          <TokenOptions tokens={tokens} />
        </select>
      </label>
      <button
        type="button"
        class="aw-button"
        name="pick_target"
        disabled={view.tokenClick !== undefined}
        title={
          view.tokenClick &&
          `Choose the position on the left: a click in this view ${view.tokenClick}`
        }
        onClick={onPick}
      >
        Pick
      </button>
    </div>
  );
}
