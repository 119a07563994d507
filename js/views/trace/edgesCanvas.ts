import { ScrolledCanvas } from "../common/ScrolledCanvas";
import { targetAt } from "./hit";
import type { Layout } from "./layout";
import { edgesOf, type Ink, paintEdges, paintGuides, paintNodes, type Sight } from "./paint";
import { type HoverTarget, type Scene, sameNode } from "./scene";

/** The canvas reaches this far beyond what is in sight, so that scrolling rarely draws. */
const MARGIN = 200;

export interface Places {
  canvas: HTMLCanvasElement;
  /** Holds the canvas; as large as all levels. */
  levels: HTMLElement;
  /** Scrolls. */
  viewport: HTMLElement;
}

/**
 * The canvas behind the nodes.
 *
 * The edges of the selection are kept as a bitmap and redrawn only when they change or the picture
 * scrolls; those of what is under the pointer are drawn on top.
 */
export class EdgesCanvas {
  readonly #places: Places;
  readonly #canvas: ScrolledCanvas<Sight>;
  #scene: Scene | null = null;
  #target: HoverTarget | null = null;
  /** The part that the canvas holds. */
  #drawn: Sight = { left: 0, top: 0, width: 0, height: 0 };

  constructor(places: Places, lifetime: AbortSignal, onDrawn: () => void) {
    this.#places = places;
    const drawing = {
      measure: this.#measure.bind(this),
      drawBitmap: this.#drawEdges.bind(this),
      compose: this.#compose.bind(this),
      onDrawn,
    };
    this.#canvas = new ScrolledCanvas(places.canvas, drawing, lifetime);
    const onScroll = () => {
      if (this.#scene && !this.#holds(this.#sight(this.#scene.layout, 0))) this.invalidate();
    };
    places.viewport.addEventListener("scroll", onScroll, { signal: lifetime });
  }

  show(scene: Scene): void {
    this.#scene = scene;
    this.#target = null;
    this.invalidate();
  }

  point(target: HoverTarget | null): void {
    if (sameTarget(target, this.#target)) return;
    this.#target = target;
    this.#canvas.schedule();
  }

  /** Draw anew, as after a change of size. */
  invalidate(): void {
    if (this.#scene) this.#canvas.invalidate();
  }

  /** The node or edge at a point given in client coordinates. */
  targetAt(clientX: number, clientY: number): HoverTarget | null {
    if (!this.#scene) return null;
    const box = this.#places.levels.getBoundingClientRect();
    return targetAt(this.#scene, clientX - box.left, clientY - box.top);
  }

  /** The part of the levels that is in sight, and some around it. */
  #sight(layout: Layout, margin: number): Sight {
    const { viewport, levels } = this.#places;
    const [seen, own] = [viewport.getBoundingClientRect(), levels.getBoundingClientRect()];
    const left = Math.max(0, seen.left - own.left - margin);
    const top = Math.max(0, seen.top - own.top - margin);
    const right = Math.min(layout.width, seen.right - own.left + margin);
    const bottom = Math.min(layout.height, seen.bottom - own.top + margin);
    return { left, top, width: right - left, height: bottom - top };
  }

  #holds({ left, top, width, height }: Sight): boolean {
    const drawn = this.#drawn;
    const isWithin = (start: number, size: number, from: number, room: number) =>
      start >= from && start + size <= from + room;
    return (
      isWithin(left, width, drawn.left, drawn.width) &&
      isWithin(top, height, drawn.top, drawn.height)
    );
  }

  #measure(isBitmapStale: boolean): Sight | null {
    if (!this.#scene) return null;
    if (isBitmapStale) this.#drawn = this.#sight(this.#scene.layout, MARGIN);
    return this.#drawn;
  }

  #drawEdges(context: CanvasRenderingContext2D, sight: Sight): void {
    if (!this.#scene) return;
    context.translate(-sight.left, -sight.top);
    paintEdges(context, this.#scene, sight, this.#scene.edges.drawn);
  }

  #compose(context: CanvasRenderingContext2D, bitmap: HTMLCanvasElement, sight: Sight): void {
    const scene = this.#scene;
    if (!scene) return;
    this.#places.canvas.style.transform = `translate(${sight.left}px, ${sight.top}px)`;
    const lit = this.#target ? edgesOf(scene, this.#target) : [];
    const ink = this.#ink();
    context.translate(-sight.left, -sight.top);
    paintGuides(context, scene, ink);
    context.globalAlpha = lit.length > 0 ? 0.3 : 1;
    context.drawImage(bitmap, sight.left, sight.top, sight.width, sight.height);
    context.globalAlpha = 1;
    paintEdges(context, scene, sight, lit);
    paintNodes(context, scene, sight, ink);
  }

  #ink(): Ink {
    const style = getComputedStyle(this.#places.viewport);
    const variable = (name: string) => style.getPropertyValue(name).trim() || "gray";
    return {
      rule: variable("--aw-rule"),
      control: variable("--aw-control"),
      paper: variable("--aw-bg"),
    };
  }
}

function sameTarget(a: HoverTarget | null, b: HoverTarget | null): boolean {
  if (a === null || b === null) return a === b;
  if ("edge" in a || "edge" in b) return "edge" in a && "edge" in b && a.edge === b.edge;
  return sameNode(a.node, b.node);
}
