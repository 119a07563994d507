import type { MethodRow } from "../../frame/method";
import type { ThumbnailsFrame } from "../../frame/thumbnails";
import type { StreamAbout } from "../../state/about";
import type { Selection } from "../../state/selection";
import { Switch } from "../common/Switch";
import type { Actions } from "../view";
import type { Importance } from "./importance";
import { Legend } from "./Legend";
import type { ThumbnailStyle } from "./thumbnailStyle";

export type Coloring = "weight" | "importance";

const STYLES = [
  ["lines", "Lines"],
  ["matrix", "Matrix"],
] as const;

const COLOURS = [
  ["weight", "Weight"],
  ["importance", "Importance"],
] as const;

interface Props {
  selection: Selection;
  method: MethodRow;
  stream: StreamAbout;
  actions: Actions;
  style: ThumbnailStyle;
  importance: Importance | null;
  coloring: Coloring;
  /** The importance of heads is known. */
  canColor: boolean;
  /** It is known, but colour tells signs. */
  isUncoloured: boolean;
  frame: ThumbnailsFrame | undefined;
  onColor(coloring: Coloring): void;
}

/** Controls for the style of thumbnails, and its legend. */
export function ModelBar({ selection, actions, coloring, canColor, onColor, ...legend }: Props) {
  return (
    <div class="aw-model-bar">
      <Switch
        label="Thumbnails as"
        options={STYLES}
        value={selection.thumbnails}
        onChange={(thumbnails) => actions.select({ thumbnails })}
      />
      {canColor && (
        <Switch label="Colour by" options={COLOURS} value={coloring} onChange={onColor} />
      )}
      <Legend {...legend} />
    </div>
  );
}
