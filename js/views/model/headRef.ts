/** A thumbnail's place: one layer's head. */
export interface HeadRef {
  layer: number;
  head: number;
}

/** The thumbnail that a key moves the focus to; null for a key that does not move it. */
export function moveFocus(
  key: string,
  { layer, head }: HeadRef,
  layers: number,
  heads: number,
): HeadRef | null {
  const at = (toLayer: number, toHead: number) => ({
    layer: Math.min(Math.max(toLayer, 0), layers - 1),
    head: Math.min(Math.max(toHead, 0), heads - 1),
  });
  switch (key) {
    case "ArrowLeft":
      return at(layer, head - 1);
    case "ArrowRight":
      return at(layer, head + 1);
    case "ArrowUp":
      return at(layer - 1, head);
    case "ArrowDown":
      return at(layer + 1, head);
    case "Home":
      return at(layer, 0);
    case "End":
      return at(layer, heads - 1);
    case "PageUp":
      return at(0, head);
    case "PageDown":
      return at(layers - 1, head);
    default:
      return null;
  }
}

/** The head whose detail is open: it follows the layer and the heads that are selected. */
export function openedHead(
  opened: HeadRef | null,
  layer: number,
  heads: number[] | null,
): HeadRef | null {
  if (!opened || !heads) return null;
  const head = heads.includes(opened.head) ? opened.head : heads[0];
  return head === undefined ? null : { layer, head };
}
