import { memo } from "preact/compat";
import { useLayoutEffect, useRef } from "preact/hooks";
import { signs } from "../../../attnwidget/shared/colors.json";
import { prepareCanvas } from "../../draw/canvas";
import { formatNumber } from "../../draw/format";
import { headColor, type Scheme } from "../../draw/palette";
import type { Side } from "../../state/selection";
import { drawBars } from "./drawBars";
import type { Range } from "./geometry";
import { BARS, type PlotLayout } from "./layout";

interface Props {
  /** Outgoing of the queries, or incoming of the keys. */
  side: Side;
  values: Float32Array;
  range: Range;
  layout: PlotLayout;
  /** The value of the longest bar. */
  top: number;
  isSigned: boolean;
  scheme: Scheme;
}

const AWAY = 5;
const MEANINGS: Record<Side, string> = {
  query: "Outgoing: the mean of each row, what a query gives to a key on average",
  key: "Incoming: the mean of each column, what a key gets from a query on average",
};
const CANCELS = "; what is positive and what is negative cancels out";

function meaningOf(side: Side, isSigned: boolean): string {
  return MEANINGS[side] + (isSigned ? CANCELS : "");
}

/** Token importance along one side of the cells. */
export const Bar = memo(function Bar({
  side,
  values,
  range,
  layout,
  top,
  isSigned,
  scheme,
}: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const isQuery = side === "query";
  const longest = BARS - 3 * AWAY;
  const [width, height] = isQuery ? [longest, layout.height] : [layout.width, longest];

  useLayoutEffect(() => {
    const fused = headColor(null, scheme);
    const surface = canvas.current && prepareCanvas(canvas.current, width, height);
    if (!surface) return;
    drawBars(surface.context, {
      ...{ values, range, longest, top },
      tokenSize: isQuery ? layout.rowHeight : layout.columnWidth,
      direction: isQuery ? "right" : "down",
      colors: isSigned ? signs[scheme] : { positive: fused, negative: fused },
    });
  }, [values, range, layout, top, isSigned, scheme, width, height]);

  const place = isQuery
    ? { left: layout.left + layout.width + AWAY, top: layout.top }
    : { left: layout.left, top: layout.top + layout.height + AWAY };
  return (
    <canvas
      ref={canvas}
      class="aw-plot-bars"
      role="img"
      aria-label={meaningOf(side, isSigned)}
      style={{ left: `${place.left}px`, top: `${place.top}px` }}
    />
  );
});

/** Names of the bars, in the corners that they leave. */
export function BarNames({ layout, top, isSigned }: Pick<Props, "layout" | "top" | "isSigned">) {
  const below = `${layout.top + layout.height}px`;
  return (
    <>
      <span
        class="aw-plot-incoming"
        title={meaningOf("key", isSigned)}
        style={{ top: below, width: `${layout.left}px` }}
      >
        incoming
        <br />
        up to {isSigned && "±"}
        {formatNumber(top)}
      </span>
      <span
        class="aw-plot-outgoing"
        title={meaningOf("query", isSigned)}
        style={{ top: below, left: `${layout.left + layout.width + AWAY}px` }}
      >
        outgoing
      </span>
    </>
  );
}
