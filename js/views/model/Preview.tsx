import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { prepareCanvas } from "../../draw/canvas";
import type { MethodRow } from "../../frame/method";
import type { StreamAbout } from "../../state/about";
import { headCharacter, headName } from "./describe";
import type { HeadRef } from "./headRef";
import { groundOf, type Importance, importanceWords } from "./importance";
import { drawThumbnail, type ThumbnailStyle } from "./thumbnailStyle";
import type { LayerFrames } from "./useThumbnails";

const SIDE = 208;
const WIDTH = SIDE + 24;
const HEIGHT = SIDE + 108;
const AWAY = 16;

/** The thumbnail under the pointer, and the pointer's place; pixels from the view's corner. */
export interface HoveredHead extends HeadRef {
  x: number;
  y: number;
}

interface PreviewProps {
  hovered: ReadonlySignal<HoveredHead | null>;
  method: MethodRow;
  stream: StreamAbout;
  layers: LayerFrames[];
  style: ThumbnailStyle;
  importance: Importance | null;
  bounds: { width: number; height: number };
}

/** The thumbnail under the pointer, enlarged, with its name and figures. */
export function Preview(props: PreviewProps) {
  const { hovered, method, stream, layers, style, importance, bounds } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const { layer = 0, head = 0, x = 0, y = 0 } = hovered.value ?? {};
  const frames = layers[layer];
  const isShown = hovered.value !== null && frames?.thumbnails !== undefined;
  useEffect(() => {
    const surface = isShown && canvas.current && prepareCanvas(canvas.current, SIDE, SIDE);
    if (!surface || !frames?.thumbnails) return;
    const square = { left: 0, top: 0, side: SIDE };
    const ground = groundOf(importance, layer, head);
    drawThumbnail(surface.context, frames.thumbnails, head, square, style, ground);
  }, [isShown, frames?.thumbnails, layer, head, style, importance]);
  if (!isShown) return null;

  return (
    <div
      class="aw-preview"
      aria-hidden="true"
      style={{ ...placePreview(x, y, bounds.width, bounds.height), width: `${WIDTH}px` }}
    >
      <div class="aw-preview-name">{headName(stream, layer, head, method)}</div>
      <div class="aw-preview-sides">
        <span>{style.kind === "lines" ? "from (query)" : "from (query) ↓"}</span>
        <span>{style.kind === "lines" ? "to (key)" : "to (key) →"}</span>
      </div>
      <canvas ref={canvas} />
      <div class="aw-preview-figures">
        {headCharacter(frames?.summary, head, method, importanceWords(importance, layer, head)) ||
          "\u00a0"}
      </div>
    </div>
  );
}

/** Right of and below the pointer, or on its left where there is no room; always inside. */
export function placePreview(
  x: number,
  y: number,
  width: number,
  height: number,
): { left: string; top: string } {
  const left = x + AWAY + WIDTH <= width ? x + AWAY : x - AWAY - WIDTH;
  const top = Math.min(y + AWAY, height - HEIGHT);
  return { left: `${Math.max(0, left)}px`, top: `${Math.max(0, top)}px` };
}
