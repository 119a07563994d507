import { formatCount } from "../../draw/format";
import type { MethodRow } from "../../frame/method";
import type { ThumbnailsFrame } from "../../frame/thumbnails";
import type { StreamAbout } from "../../state/about";
import type { Selection } from "../../state/selection";
import { Switch } from "../common/Switch";
import type { Actions } from "../view";
import { type Coloring, isEffect } from "./coloring";
import type { Importance } from "./importance";
import { Legend } from "./Legend";
import type { ThumbnailStyle } from "./thumbnailStyle";

const STYLES = [
  ["lines", "Lines"],
  ["matrix", "Matrix"],
] as const;

interface Props {
  selection: Selection;
  method: MethodRow;
  stream: StreamAbout;
  actions: Actions;
  style: ThumbnailStyle;
  importance: Importance | null;
  coloring: Coloring;
  /** Heads have pictures whose ground can be coloured. */
  canColor: boolean;
  hasImportance: boolean;
  /** The values that colour would tell, if it did not tell signs. */
  uncoloured: string | null;
  frame: ThumbnailsFrame | undefined;
  /** The picture is in a file. */
  isFile: boolean;
  isTable: boolean;
  /** Null where there is no table. */
  onTable: ((isTable: boolean) => void) | null;
}

const SHOWN = [
  ["pictures", "Pictures"],
  ["table", "Table"],
] as const;

/** Controls for the style of thumbnails, and its legend. */
export function ModelBar(props: Props) {
  const { selection, actions, coloring, canColor, hasImportance, isFile, ...others } = props;
  const { isTable, onTable, ...legend } = others;
  const { head_effects = [], layers, heads } = props.stream;
  const options: [Coloring, string][] = [["weight", "Weight"]];
  if (hasImportance) options.push(["importance", "Importance"]);
  if (head_effects.includes("effect")) options.push(["effect", "Effect of each head"]);
  const color = (head_colors: Coloring) => actions.select({ head_colors });
  const hasExact = head_effects.includes("exact_effect");
  return (
    <div class="aw-model-bar">
      {onTable && (
        <Switch
          label="Heads as"
          options={SHOWN}
          value={isTable ? "table" : "pictures"}
          onChange={(shown) => onTable(shown === "table")}
        />
      )}
      {!isTable && (
        <Switch
          label="Thumbnails as"
          options={STYLES}
          value={selection.thumbnails}
          onChange={(thumbnails) => actions.select({ thumbnails })}
        />
      )}
      {!isTable && canColor && options.length > 1 && (
        <Switch
          label="Colour by"
          options={options}
          value={isEffect(coloring) ? "effect" : coloring}
          onChange={color}
        />
      )}
      {(isTable ? coloring !== "exact_effect" : canColor && coloring === "effect") && hasExact && (
        <button
          type="button"
          class="aw-button"
          name="exact_effect"
          title="Run the model without each head; on top come one run without changes and, for each layer, three that verify that several can be made at once"
          onClick={() => color("exact_effect")}
        >
          {isFile ? "Show exact effects" : `Compute exactly: ${formatCount(layers * heads)} runs`}
        </button>
      )}
      {!isTable && canColor && coloring === "exact_effect" && (
        <button
          type="button"
          class="aw-button"
          name="estimated_effect"
          onClick={() => color("effect")}
        >
          Show estimates
        </button>
      )}
      {isTable ? (
        <span class="aw-faint">
          attention on this input, means over queries
          {head_effects.length > 0 && "; effect: change of the target without the head"}
        </span>
      ) : (
        <Legend {...legend} />
      )}
    </div>
  );
}
