import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { prepareCanvas } from "../../draw/canvas";
import type { ColorTable } from "../../draw/colormap";
import type { NeuronFrame } from "../../frame/neuron";
import type { RowWindow } from "../common/useWindow";
import type { Columns } from "./columns";
import { ROW, STRIP } from "./columns";
import { drawStrips } from "./drawStrips";
import type { Limits } from "./limits";

/** Draws the strips of the rows in the window: each key's vector and its product with the query. */
export function useStrips(
  canvas: RefObject<HTMLCanvasElement | null>,
  frame: NeuronFrame,
  order: Uint32Array,
  rows: RowWindow,
  columns: Columns,
  limits: Limits,
  colors: ColorTable,
): void {
  const { strips } = columns;
  const { first, end } = rows;
  useEffect(() => {
    if (!canvas.current || !strips) return;
    const width = strips.productLeft + strips.width - strips.keyLeft;
    const surface = prepareCanvas(canvas.current, width, (end - first) * ROW);
    if (!surface) return;
    const { dimensions } = frame;
    const shown = order.subarray(first, end);
    const vectors = new Float32Array(shown.length * dimensions);
    shown.forEach((key, row) => {
      const vector = frame.keys.subarray(key * dimensions, (key + 1) * dimensions);
      vectors.set(vector, row * dimensions);
    });
    const products = vectors.map((value, i) => value * (frame.query[i % dimensions] as number));
    const isMasked = (row: number) => frame.allowed[shown[row] as number] === 0;
    const top = (ROW - STRIP) / 2;
    const place = { left: 0, top, width: strips.width, height: STRIP, pitch: ROW };
    const beside = { ...place, left: strips.productLeft - strips.keyLeft };
    drawStrips(surface.context, vectors, dimensions, limits.vectors, colors, place, isMasked);
    drawStrips(surface.context, products, dimensions, limits.products, colors, beside, isMasked);
  }, [canvas, frame, order, first, end, strips, limits, colors]);
}
