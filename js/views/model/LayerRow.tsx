import { memo } from "preact/compat";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { prepareCanvas } from "../../draw/canvas";
import type { MethodRow } from "../../frame/method";
import { lackOf, type StreamAbout } from "../../state/about";
import { layerNumber } from "../../state/layers";
import { useMarks } from "../common/marks";
import { headCharacter, headName } from "./describe";
import { groundOf, type Importance, importanceWords } from "./importance";
import type { GridLayout } from "./layout";
import { drawThumbnail, type ThumbnailStyle } from "./thumbnailStyle";
import type { LayerFrames } from "./useThumbnails";

interface LayerRowProps {
  layer: number;
  method: MethodRow;
  /** Thumbnails in the row: one where all heads are fused. */
  heads: number;
  thumbnails: LayerFrames["thumbnails"];
  summary: LayerFrames["summary"];
  layout: GridLayout;
  style: ThumbnailStyle;
  importance: Importance | null;
  /** False far from what is in sight: nothing is drawn then. */
  isNear: boolean;
  stream: StreamAbout;
  isCurrent: boolean;
  /** Heads that are selected, when this is the current layer. */
  selected: number[] | null;
  opened: number | null;
  /** The head that takes part in the tab order, if it is in this layer. */
  tabStop: number | null;
}

/** One layer: its name and a thumbnail of each head, all on one canvas under a row of buttons. */
export const LayerRow = memo(function LayerRow(props: LayerRowProps) {
  const { layer, method, heads, thumbnails, summary, layout, style, importance } = props;
  const { stream, isNear, isCurrent, selected, opened, tabStop } = props;
  const lack = lackOf(stream, "layers", layer);
  const { heads: cut } = useMarks(layer);
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    if (!canvas.current || !isNear || !thumbnails) return;
    const surface = prepareCanvas(canvas.current, heads * layout.pitch, layout.cell);
    if (!surface) return;
    for (let head = 0; head < heads; head++) {
      const square = { left: head * layout.pitch, top: 0, side: layout.cell };
      const ground = groundOf(importance, layer, head);
      drawThumbnail(surface.context, thumbnails, head, square, style, ground);
    }
  }, [thumbnails, heads, layer, layout, style, importance, isNear]);

  const buttons = useMemo(
    () =>
      Array.from({ length: heads }, (_, head) => {
        const character = headCharacter(
          summary,
          head,
          method,
          importanceWords(importance, layer, head),
        );
        const missing = lack ?? (method.per_head ? lackOf(stream, "heads", head) : null);
        const said = missing ?? character;
        return (
          <button
            key={head}
            type="button"
            class="aw-thumbnail"
            data-layer={layer}
            data-head={method.per_head ? head : "all"}
            data-cut={cut.has(head) || undefined}
            data-selected={selected?.includes(head) || undefined}
            aria-label={
              headName(stream, layer, head, method) +
              (said && `, ${said}`) +
              (cut.has(head) ? ", cut" : "")
            }
            disabled={missing !== null}
            title={missing ?? undefined}
            aria-expanded={opened === head}
            tabIndex={tabStop === head ? 0 : -1}
          />
        );
      }),
    [heads, layer, stream, lack, method, importance, summary, selected, opened, tabStop, cut],
  );

  return (
    <div
      class="aw-layer"
      data-current={isCurrent || undefined}
      data-loading={(!thumbnails && !lack) || undefined}
    >
      <div class="aw-layer-name">layer {layerNumber(stream, layer)}</div>
      <div class="aw-layer-heads">
        <canvas ref={canvas} />
        {buttons}
      </div>
    </div>
  );
});
