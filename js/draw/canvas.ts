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
  element: HTMLElement,
  signal: AbortSignal,
  callback: (width: number, height: number) => void,
): void {
  let last = contentSize(element);
  callback(last.width, last.height);
  if (typeof ResizeObserver === "undefined") return;
  const observer = new ResizeObserver((entries) => {
    const size = entries.at(-1)?.contentRect;
    // An observer also speaks when it begins, and whoever draws would draw twice.
    if (!size || isSame(size, last)) return;
    last = size;
    callback(size.width, size.height);
  });
  observer.observe(element);
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
}

interface Size {
  width: number;
  height: number;
}

function contentSize(element: HTMLElement): Size {
  const { width, height } = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const padding = (first: string, second: string) =>
    (Number.parseFloat(first) || 0) + (Number.parseFloat(second) || 0);
  return {
    width:
      width -
      (element.offsetWidth - element.clientWidth) -
      padding(style.paddingLeft, style.paddingRight),
    height:
      height -
      (element.offsetHeight - element.clientHeight) -
      padding(style.paddingTop, style.paddingBottom),
  };
}

function isSame(one: Size, other: Size): boolean {
  return Math.abs(one.width - other.width) < 0.1 && Math.abs(one.height - other.height) < 0.1;
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
