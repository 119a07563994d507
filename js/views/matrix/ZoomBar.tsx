import { formatCount } from "../../draw/format";
import { type Range, spanOf, zoom } from "./geometry";
import type { Viewport } from "./useViewport";

const FACTOR = 2;

/** Buttons for what dragging and the wheel do, and which part of the matrix is seen. */
export function ZoomBar({ section, counts, isZoomed, show, reset }: Viewport) {
  const by = (factor: number) => {
    const around = (range: Range, count: number) =>
      zoom(range, factor, (range[0] + range[1]) / 2, count);
    show({
      queries: around(section.queries, counts.query),
      keys: around(section.keys, counts.key),
    });
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings a frame and a layout of its own.
    <div class="aw-zoom" role="group" aria-label="Zoom">
      <button type="button" aria-label="Zoom in" title="Zoom in" onClick={() => by(1 / FACTOR)}>
        +
      </button>
      <button
        type="button"
        aria-label="Zoom out"
        title="Zoom out"
        disabled={!isZoomed}
        onClick={() => by(FACTOR)}
      >
        −
      </button>
      <button type="button" disabled={!isZoomed} onClick={reset}>
        Whole
      </button>
      <span class="aw-faint">
        {isZoomed
          ? `queries ${inWords(section.queries, counts.query)}, keys ${inWords(section.keys, counts.key)}`
          : "drag over a part to zoom in"}
      </span>
    </div>
  );
}

function inWords(range: Range, count: number): string {
  if (spanOf(range) === count) return "all";
  return `${formatCount(range[0])} to ${formatCount(range[1] - 1)} of ${formatCount(count)}`;
}
