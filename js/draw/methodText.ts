import type { MethodRow } from "../frame/method";

/** "layer 3" or, of a method that goes through the layers, "layers 0 to 3 together". */
export function layersInWords({ through_layers }: MethodRow, layer: number): string {
  return through_layers && layer > 0 ? `layers 0 to ${layer} together` : `layer ${layer}`;
}

/** The reason why all heads are fused; null where every head has its picture. */
export function fusedNote({ per_head, title }: MethodRow): string | null {
  return per_head ? null : `${capital(title)} has no picture per head: all heads fused`;
}

/** The first letter as a capital. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
