import { neuron_view } from "../../../attnwidget/shared/limits.json";
import { type ColorTable, cssGradient } from "../../draw/colormap";
import { formatNumber } from "../../draw/format";
import type { Limits } from "./limits";

/** A legend of the strips' colours, with their scales. */
export function StripLegend({ colors, limits }: { colors: ColorTable; limits: Limits }) {
  return (
    <div class="aw-legend">
      <span class="aw-legend-scale">
        negative <i style={{ background: cssGradient(colors) }} /> positive
      </span>
      <span>
        full colour from ±{formatNumber(limits.vectors)} in q and k, ±
        {formatNumber(limits.products)} in q × k ({neuron_view.percentile * 100}th percentile of
        |value|)
      </span>
    </div>
  );
}
