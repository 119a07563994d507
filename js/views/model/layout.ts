/** Sizes of the grid of thumbnails, in CSS pixels. */

export const THUMBNAIL = { smallest: 28, comfortable: 48, largest: 140 } as const;

/** Room for the names of layers and of heads. */
export const GUTTER = { left: 58, top: 24 } as const;

/** A grid that is taller scrolls inside. */
export const LARGEST_HEIGHT = 620;

/** Layers drawn beyond the visible ones, so that scrolling meets pictures and not skeletons. */
const OVERSCAN = 2;

export interface GridLayout {
  /** Side of a thumbnail. */
  cell: number;
  gap: number;
  /** From one row, or column, to the next. */
  pitch: number;
}

export interface LayerRange {
  first: number;
  /** Inclusive. */
  last: number;
}

/**
 * The largest thumbnails with which all heads fit the width and all layers the height.
 *
 * Height gives way first: below the comfortable size the grid scrolls down rather than shrink.
 */
export function gridLayout(width: number, layers: number, heads: number): GridLayout {
  const perHead = Math.floor((width - GUTTER.left) / heads);
  const perLayer = Math.floor((LARGEST_HEIGHT - GUTTER.top) / layers);
  const pitch = Math.min(perHead, Math.max(perLayer, THUMBNAIL.comfortable));
  const gap = pitch >= 56 ? 8 : 4;
  const cell = clamp(pitch - gap, THUMBNAIL.smallest, THUMBNAIL.largest);
  return { cell, gap, pitch: cell + gap };
}

/** The layers in sight of a scrolled grid. */
export function visibleLayers(
  scrollTop: number,
  height: number,
  pitch: number,
  layers: number,
): LayerRange {
  const below = scrollTop + Math.max(height - GUTTER.top, pitch) - 1;
  return {
    first: clamp(Math.floor(scrollTop / pitch), 0, layers - 1),
    last: clamp(Math.floor(below / pitch), 0, layers - 1),
  };
}

export function isNear(layer: number, { first, last }: LayerRange): boolean {
  return layer >= first - OVERSCAN && layer <= last + OVERSCAN;
}

/** All layers in the order to load them: those in sight, the ones below, then the ones above. */
export function loadingOrder({ first, last }: LayerRange, layers: number): number[] {
  const all = Array.from({ length: layers }, (_, layer) => layer);
  return [...all.slice(first), ...all.slice(0, first).reverse()].sort(
    (a, b) => Number(a > last || a < first) - Number(b > last || b < first),
  );
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
