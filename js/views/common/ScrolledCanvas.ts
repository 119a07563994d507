import { frameScheduler, prepareCanvas } from "../../draw/canvas";
import type { Size } from "./useSize";

/** Draws what a scrolled canvas shows. */
export interface ScrolledDrawing<Sight extends Size> {
  /** The part to draw, at its size in CSS pixels; null while there is nothing to draw. */
  measure(isBitmapStale: boolean): Sight | null;
  /** Draws what takes long and changes rarely; it is kept as a bitmap. */
  drawBitmap(context: CanvasRenderingContext2D, sight: Sight): void;
  /** Puts the bitmap onto the canvas, and what changes often over it. */
  compose(context: CanvasRenderingContext2D, bitmap: HTMLCanvasElement, sight: Sight): void;
  /** Called after each drawing, but not after a repetition of the same. */
  onDrawn(): void;
}

/** A canvas in a scrolling box, drawn at most once per animation frame. */
export class ScrolledCanvas<Sight extends Size> {
  /** Asks for a drawing that puts the bitmap as it is under what changed. */
  readonly schedule: () => void;
  /** Asks for the same drawing once more, as while something fades. */
  readonly scheduleRepeat: () => void;
  readonly #canvas: HTMLCanvasElement;
  readonly #drawing: ScrolledDrawing<Sight>;
  #bitmap: HTMLCanvasElement;
  #isBitmapStale = true;

  constructor(canvas: HTMLCanvasElement, drawing: ScrolledDrawing<Sight>, lifetime: AbortSignal) {
    this.#canvas = canvas;
    this.#drawing = drawing;
    this.#bitmap = canvas.ownerDocument.createElement("canvas");
    this.schedule = frameScheduler(() => this.draw(), lifetime);
    this.scheduleRepeat = frameScheduler(() => this.#paint(), lifetime);
  }

  /** Asks for a drawing with a new bitmap. */
  invalidate(): void {
    this.#isBitmapStale = true;
    this.schedule();
  }

  /** Draws at once with a new bitmap. */
  redraw(): void {
    this.#isBitmapStale = true;
    this.draw();
  }

  draw(): void {
    if (this.#paint()) this.#drawing.onDrawn();
  }

  /** Exchanges the bitmap for another canvas; null where it does not show what was drawn last. */
  exchangeBitmap(other: HTMLCanvasElement): HTMLCanvasElement | null {
    if (this.#isBitmapStale) return null;
    const bitmap = this.#bitmap;
    this.#bitmap = other;
    this.#isBitmapStale = true;
    return bitmap;
  }

  #paint(): boolean {
    const sight = this.#drawing.measure(this.#isBitmapStale);
    if (!sight) return false;
    const surface = prepareCanvas(this.#canvas, sight.width, sight.height);
    if (!surface) return true;
    if (this.#isBitmapStale) {
      const bitmap = prepareCanvas(this.#bitmap, sight.width, sight.height);
      if (bitmap) this.#drawing.drawBitmap(bitmap.context, sight);
      this.#isBitmapStale = false;
    }
    this.#drawing.compose(surface.context, this.#bitmap, sight);
    return true;
  }
}
