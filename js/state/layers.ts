import type { MethodRow } from "../frame/method";
import type { StreamAbout } from "./about";

/** The model's own number of a layer: in a hybrid not every layer has attention. */
export function layerNumber({ layer_numbers }: StreamAbout, layer: number): number {
  return layer_numbers?.[layer] ?? layer;
}

/**
 * "layer 3" or, of a method that goes through the layers, "layers 0 to 3 together"; by the model's
 * own numbers.
 */
export function layersInWords(
  { through_layers }: MethodRow,
  stream: StreamAbout,
  layer: number,
): string {
  const own = layerNumber(stream, layer);
  if (!through_layers || layer === 0) return `layer ${own}`;
  return `layers ${layerNumber(stream, 0)} to ${own} together`;
}
