/** A canvas that follows the size of its box and the sharpness of the screen. */

export interface Surface {
  context: CanvasRenderingContext2D;
  /** CSS pixels. */
  width: number;
  height: number;
}

/**
 * Size a canvas for the screen's pixel ratio and clear it.
 *
 * Coordinates drawn afterwards are CSS pixels. Returns null where there is no 2d context (as in a
 * test without a browser) or no room.
 */
export function prepareCanvas(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): Surface | null {
  const context = canvas.getContext("2d");
  if (!context || width <= 0 || height <= 0) return null;
  const ratio = canvas.ownerDocument.defaultView?.devicePixelRatio || 1;
  const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== pixelWidth || canvas.height !== pixelHeight) {
    canvas.width = pixelWidth;
    canvas.height = pixelHeight;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  context.setTransform(pixelWidth / width, 0, 0, pixelHeight / height, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

/** Calls back with an element's content size, at once and on every change, until the signal aborts. */
export function observeSize(
  element: Element,
  signal: AbortSignal,
  callback: (width: number, height: number) => void,
): void {
  const measured = element.getBoundingClientRect();
  callback(measured.width, measured.height);
  if (typeof ResizeObserver === "undefined") return;
  const observer = new ResizeObserver((entries) => {
    const box = entries.at(-1)?.contentRect;
    if (box) callback(box.width, box.height);
  });
  observer.observe(element);
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
}

/**
 * Calls `draw` at most once per animation frame however often it is asked to.
 *
 * Nothing is drawn after the signal has aborted.
 */
export function frameScheduler(draw: () => void, signal: AbortSignal): () => void {
  let pending = 0;
  signal.addEventListener("abort", () => cancelAnimationFrame(pending), { once: true });
  return () => {
    if (pending || signal.aborted) return;
    pending = requestAnimationFrame(() => {
      pending = 0;
      draw();
    });
  };
}
