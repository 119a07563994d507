import { useLayoutEffect, useRef } from "preact/hooks";
import { prepareCanvas } from "../../draw/canvas";
import { type ColorTable, cellImage } from "../../draw/colormap";
import { formatNumber } from "../../draw/format";
import type { ThumbnailsFrame } from "../../frame/thumbnails";
import { type Scale, stepOf } from "../common/scale";
import { clearMasked } from "./causalMask";

interface Props {
  /** The name of the method, in a sentence. */
  title: string;
  layer: number;
  /** The model's own number of the layer. */
  number: number;
  frame: ThumbnailsFrame | undefined;
  colors: ColorTable;
  scale: Scale;
  /** Queries for each key. */
  aspect: number;
  /** Leave paper where the key is later than the query. */
  isCausal: boolean;
  isCurrent: boolean;
  /** The reason why it cannot be there. */
  lack: string | null;
  onOpen(): void;
}

const SIDE = 148;
const SHORTEST = 48;

/** The scores after one layer, to be opened. */
export function LayerMatrix(props: Props) {
  const { title, layer, number, frame, colors, scale, aspect, isCausal, isCurrent, lack, onOpen } =
    props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = Math.max(SHORTEST, Math.round(Math.min(SIDE, SIDE / aspect)));
  const height = Math.max(SHORTEST, Math.round(Math.min(SIDE, SIDE * aspect)));

  useLayoutEffect(() => {
    const surface = frame && canvas.current && prepareCanvas(canvas.current, width, height);
    if (!surface) return;
    const { context } = surface;
    const steps = Uint8Array.from({ length: 256 }, (_, byte) =>
      stepOf(scale, (byte / 255) ** 2 * frame.top),
    );
    const image = cellImage(
      ...([context, frame.columns, frame.rows, colors] as const),
      (cell) => steps[frame.cells[cell] as number] as number,
    );
    context.imageSmoothingEnabled = width < frame.columns || height < frame.rows;
    context.drawImage(image, 0, 0, width, height);
    const { rows, columns } = frame;
    if (isCausal) clearMasked(context, { row: 0, column: 0, rows, columns, width, height });
  }, [frame, colors, scale, isCausal, width, height]);

  return (
    <button
      type="button"
      class="aw-layer-picture"
      data-layer={layer}
      data-waiting={(frame === undefined && !lack) || undefined}
      disabled={lack !== null}
      tabIndex={isCurrent ? 0 : -1}
      aria-current={isCurrent}
      aria-label={`Open the ${title} after layer ${number}${frame ? `, largest value ${formatNumber(frame.top)}` : ""}`}
      onClick={onOpen}
    >
      <canvas ref={canvas} style={{ width: `${width}px`, height: `${height}px` }} />
      <span>layer {number}</span>
      <span class="aw-faint aw-number">
        {frame ? `up to ${formatNumber(frame.top)}` : (lack ?? "…")}
      </span>
    </button>
  );
}
