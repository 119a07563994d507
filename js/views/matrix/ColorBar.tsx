import { type ColorTable, cssGradient } from "../../draw/colormap";
import { formatNumber } from "../../draw/format";
import type { Selection } from "../../state/selection";
import type { Scale } from "./scale";

interface Props {
  colors: ColorTable;
  scale: Scale | null;
  kind: Selection["scale"];
  isDifference: boolean;
  isCausal: boolean;
}

/** The values that the colours stand for, and whether they are fitted to what is shown. */
export function ColorBar({ colors, scale, kind, isDifference, isCausal }: Props) {
  return (
    <div class="aw-colorbar">
      <span class="aw-number">{scale && formatNumber(scale.low)}</span>
      <i style={{ background: cssGradient(colors) }} />
      <span class="aw-number">{scale && formatNumber(scale.high)}</span>
      <span class="aw-faint">
        {kind === "unit"
          ? `fixed scale, ${isDifference ? "−1 to 1" : "0 to 1"}`
          : "scale fitted to the values"}
        {isDifference && ": first minus second"}
        {isCausal && "; blank: masked"}
      </span>
    </div>
  );
}
