import { head_view } from "../../../attnwidget/shared/limits.json";
import { errorOf } from "../../frame/precision";
import { pinsOn } from "../../state/pins";
import type { Side, TokenRef } from "../../state/selection";
import { ScrolledCanvas } from "../common/ScrolledCanvas";
import { type BoxColumn, paintBoxes, paintNumbers } from "./boxes";
import { lineAt } from "./hit";
import { columnShift } from "./layout";
import { collectLines, type Focus, type Lines } from "./lines";
import { paintLines } from "./paint";
import type { Geometry, Scene } from "./scene";

/** The canvas reaches this far beyond what is in sight, so that scrolling shows no gap. */
const MARGIN = 160;
const FADE_MS = 120;

/** The elements that the drawing measures itself by. */
export interface Places {
  canvas: HTMLCanvasElement;
  /** Scrolls; holds canvas and columns. */
  viewport: HTMLElement;
  columns: Record<Side, HTMLElement>;
}

/** The tokens whose lines are looked at: pinned ones, and the one under pointer or focus. */
export interface Chosen {
  pins: TokenRef[];
  token: TokenRef | null;
}

/**
 * The canvas behind the tokens.
 *
 * The lines of the whole selection are kept as a bitmap and redrawn only when they change or the
 * picture scrolls; the lines of a hovered token are drawn afresh.
 */
export class LinesCanvas {
  readonly #places: Places;
  readonly #canvas: ScrolledCanvas<Geometry>;
  #before: HTMLCanvasElement;
  #scene: Scene | null = null;
  #chosen: Chosen = { pins: [], token: null };
  #lines: Lines | null = null;
  #hovered: Lines | null = null;
  #fadeFrom = 0;

  /** `onDrawn` is told after each drawing which lines the selection shows. */
  constructor(places: Places, lifetime: AbortSignal, onDrawn: (lines: Lines) => void) {
    this.#places = places;
    const drawing = {
      measure: () => this.#scene && this.#measure(this.#scene),
      drawBitmap: (context: CanvasRenderingContext2D, geometry: Geometry) => {
        if (this.#scene && this.#lines) paintLines(context, this.#scene, geometry, this.#lines);
      },
      compose: this.#compose.bind(this),
      onDrawn: () => this.#lines && onDrawn(this.#lines),
    };
    this.#canvas = new ScrolledCanvas(places.canvas, drawing, lifetime);
    this.#before = places.canvas.ownerDocument.createElement("canvas");
    places.viewport.addEventListener("scroll", () => this.invalidate(), { signal: lifetime });
  }

  /** Show another scene, at once; `fade` where it is the same tokens seen in another layer or head. */
  show(scene: Scene, chosen: Chosen, fade: boolean): void {
    if (fade && this.#lines) this.#fadeBefore();
    this.#scene = scene;
    this.#chosen = chosen;
    this.#lines = this.#linesOf(scene, chosen.pins);
    this.#collectHovered();
    this.#canvas.redraw();
  }

  hover(token: TokenRef | null): void {
    this.#chosen = { ...this.#chosen, token };
    this.#collectHovered();
    this.#canvas.schedule();
  }

  /** Draw anew, as after a change of size. */
  invalidate(): void {
    if (this.#scene) this.#canvas.invalidate();
  }

  /** The line at a point given in client coordinates. */
  lineAt(clientX: number, clientY: number) {
    const lines = this.#hovered ?? this.#lines;
    if (!this.#scene || !lines) return null;
    const box = this.#places.canvas.getBoundingClientRect();
    const [x, y] = [clientX - box.left, clientY - box.top];
    const at = lineAt(this.#scene, this.#measure(this.#scene), lines, x, y);
    if (at < 0) return null;
    const [query, head] = [lines.query[at] as number, lines.head[at] as number];
    const weight = lines.weight[at] as number;
    const { frame, heads } = this.#scene;
    return {
      ...{ query, key: lines.key[at] as number, head: heads[head] ?? null, weight },
      error: errorOf(frame, head * frame.queries + query, weight),
    };
  }

  #collectHovered(): void {
    const { token } = this.#chosen;
    this.#hovered = token && this.#scene ? this.#linesOf(this.#scene, [token]) : null;
  }

  #measure(scene: Scene): Geometry {
    const { viewport, columns } = this.#places;
    const longest = Math.max(scene.queries.height, scene.keys.height);
    const scroll = viewport.scrollTop;
    const seen = viewport.clientHeight;
    const top = Math.max(0, scroll - MARGIN);
    const bottom = Math.min(longest, scroll + seen + MARGIN);
    const queryShift = columnShift(scene.queries, longest, seen, scroll);
    const keyShift = columnShift(scene.keys, longest, seen, scroll);
    columns.query.style.transform = queryShift ? `translateY(${queryShift}px)` : "";
    columns.key.style.transform = keyShift ? `translateY(${keyShift}px)` : "";
    this.#places.canvas.style.top = `${top}px`;
    return {
      width: viewport.clientWidth,
      height: bottom - top,
      span: {
        left: columns.query.offsetLeft + columns.query.offsetWidth + 2,
        right: columns.key.offsetLeft - 2,
      },
      queryOffset: queryShift - top,
      keyOffset: keyShift - top,
    };
  }

  #compose(context: CanvasRenderingContext2D, bitmap: HTMLCanvasElement, geometry: Geometry): void {
    const scene = this.#scene;
    if (!scene) return;
    const { width, height } = geometry;
    const { pins, token } = this.#chosen;
    const progress = Math.min(1, (performance.now() - this.#fadeFrom) / FADE_MS);
    const strength = this.#hovered ? (pins.length > 0 ? 0.22 : 0) : 1;
    if (progress < 1 && this.#before.height > 0) {
      context.globalAlpha = strength * (1 - progress);
      context.drawImage(this.#before, 0, 0, width, height);
      this.#canvas.scheduleRepeat();
    }
    context.globalAlpha = strength;
    if (strength > 0) context.drawImage(bitmap, 0, 0, width, height);
    context.globalAlpha = 1;
    if (token && this.#hovered) {
      paintLines(context, scene, geometry, this.#hovered);
      this.#paintBoxes(context, geometry, scene, this.#hovered, [token]);
    } else if (pins.length > 0 && this.#lines) {
      this.#paintBoxes(context, geometry, scene, this.#lines, pins);
    }
  }

  #paintBoxes(
    context: CanvasRenderingContext2D,
    geometry: Geometry,
    scene: Scene,
    lines: Lines,
    tokens: TokenRef[],
  ): void {
    for (const side of ["key", "query"] as const) {
      const others = tokens.filter((token) => token.side !== side);
      if (others.length === 0) continue;
      const ofOthers = tokens.length === others.length ? lines : this.#linesOf(scene, others);
      paintBoxes(context, scene, geometry, ofOthers, side, this.#boxColumn(side));
      const [only, ...more] = others;
      if (!only || more.length > 0) continue;
      const { fontFamily, color } = getComputedStyle(this.#places.viewport);
      const ink = { font: `11px ${fontFamily}`, color };
      paintNumbers(context, scene, geometry, ofOthers, only, this.#boxColumn(side), ink);
    }
  }

  #linesOf(scene: Scene, tokens: TokenRef[]): Lines {
    return collectLines(scene.frame, scene.coverage, focusOf(tokens), mostLines(scene.coverage));
  }

  #boxColumn(side: Side): BoxColumn {
    const column = this.#places.columns[side];
    const [left, right] = [column.offsetLeft, column.offsetLeft + column.offsetWidth];
    return side === "key"
      ? { left, right, numberX: right + 6, align: "left" }
      : { left, right, numberX: left - 6, align: "right" };
  }

  /** Let what was drawn fade away over what is drawn next. */
  #fadeBefore(): void {
    const bitmap = this.#canvas.exchangeBitmap(this.#before);
    if (!bitmap) return;
    this.#before = bitmap;
    this.#fadeFrom = performance.now();
  }
}

/** The more of each row is asked for, the more lines may be drawn. */
function mostLines(coverage: number): number {
  const { lines, lines_in_all } = head_view;
  const wanted = (lines * 0.2) / Math.max(1e-6, 1 - coverage);
  return Math.round(Math.min(lines_in_all, Math.max(lines, wanted)));
}

function focusOf(tokens: TokenRef[]): Focus | null {
  if (tokens.length === 0) return null;
  return { queries: new Set(pinsOn(tokens, "query")), keys: new Set(pinsOn(tokens, "key")) };
}
