import { frameScheduler, prepareCanvas } from "../../draw/canvas";
import { errorOf } from "../../frame/precision";
import type { Side, TokenRef } from "../../state/selection";
import { type BoxColumn, paintBoxes, paintNumbers } from "./boxes";
import { lineAt } from "./hit";
import { columnShift } from "./layout";
import { collectLines, type Focus, type Lines } from "./lines";
import { paintLines } from "./paint";
import type { Geometry, Scene } from "./scene";

/** Lines drawn, of more the strongest: up to a share of 80 % of each row, and when all are asked for. */
const MOST_LINES = 3_000;
const MOST_OF_ALL = 40_000;
/** The canvas reaches this far beyond what is in sight, so that scrolling shows no gap. */
const MARGIN = 160;
const FADE_MS = 120;

/** The boxes of the page that the picture measures itself by. */
export interface Places {
  canvas: HTMLCanvasElement;
  /** Scrolls; holds canvas and columns. */
  viewport: HTMLElement;
  columns: Record<Side, HTMLElement>;
}

/** What has the reader's attention: pinned tokens, and the token under pointer or focus. */
export interface Attention {
  pins: TokenRef[];
  token: TokenRef | null;
}

/**
 * The canvas behind the tokens.
 *
 * The lines of the whole selection are kept as a bitmap and redrawn only when they change or the
 * picture scrolls; the lines of a hovered token are drawn afresh.
 */
export class Picture {
  readonly #places: Places;
  readonly #onDrawn: (lines: Lines) => void;
  readonly #schedule: () => void;
  readonly #scheduleFade: () => void;
  #base: HTMLCanvasElement;
  #before: HTMLCanvasElement;
  #scene: Scene | null = null;
  #attention: Attention = { pins: [], token: null };
  #lines: Lines | null = null;
  #hovered: Lines | null = null;
  #isBaseStale = true;
  #fadeFrom = 0;

  /** `onDrawn` is told after each drawing which lines the selection shows. */
  constructor(places: Places, lifetime: AbortSignal, onDrawn: (lines: Lines) => void) {
    this.#places = places;
    this.#onDrawn = onDrawn;
    this.#schedule = frameScheduler(() => this.#draw(), lifetime);
    this.#scheduleFade = frameScheduler(() => this.#paint(), lifetime);
    this.#base = places.canvas.ownerDocument.createElement("canvas");
    this.#before = places.canvas.ownerDocument.createElement("canvas");
    places.viewport.addEventListener("scroll", () => this.invalidate(), { signal: lifetime });
  }

  /** Show another scene, at once; `fade` where it is the same tokens seen in another layer or head. */
  show(scene: Scene, attention: Attention, fade: boolean): void {
    if (fade && this.#lines) this.#fadeBefore();
    this.#scene = scene;
    this.#attention = attention;
    this.#lines = this.#linesOf(scene, attention.pins);
    this.#collectHovered();
    this.#isBaseStale = true;
    this.#draw();
  }

  hover(token: TokenRef | null): void {
    this.#attention = { ...this.#attention, token };
    this.#collectHovered();
    this.#schedule();
  }

  /** Draw anew, as after a change of size. */
  invalidate(): void {
    if (!this.#scene) return;
    this.#isBaseStale = true;
    this.#schedule();
  }

  /** The line at a point given in client coordinates. */
  lineAt(clientX: number, clientY: number) {
    const lines = this.#hovered ?? this.#lines;
    if (!this.#scene || !lines) return null;
    const box = this.#places.canvas.getBoundingClientRect();
    const [x, y] = [clientX - box.left, clientY - box.top];
    const at = lineAt(this.#scene, this.#measure(), lines, x, y);
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
    const { token } = this.#attention;
    this.#hovered = token && this.#scene ? this.#linesOf(this.#scene, [token]) : null;
  }

  #measure(): Geometry {
    const { viewport, columns } = this.#places;
    const scene = this.#scene as Scene;
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

  #draw(): void {
    this.#paint();
    if (this.#scene && this.#lines) this.#onDrawn(this.#lines);
  }

  #paint(): void {
    const scene = this.#scene;
    const lines = this.#lines;
    if (!scene || !lines) return;
    const geometry = this.#measure();
    const { width, height } = geometry;
    const surface = prepareCanvas(this.#places.canvas, width, height);
    if (surface) {
      if (this.#isBaseStale) {
        const base = prepareCanvas(this.#base, width, height);
        if (base) paintLines(base.context, scene, geometry, lines);
        this.#isBaseStale = false;
      }
      this.#compose(surface.context, geometry, scene);
    }
  }

  #compose(context: CanvasRenderingContext2D, geometry: Geometry, scene: Scene): void {
    const { width, height } = geometry;
    const { pins, token } = this.#attention;
    const progress = Math.min(1, (performance.now() - this.#fadeFrom) / FADE_MS);
    const strength = this.#hovered ? (pins.length > 0 ? 0.22 : 0) : 1;
    if (progress < 1 && this.#before.height > 0) {
      context.globalAlpha = strength * (1 - progress);
      context.drawImage(this.#before, 0, 0, width, height);
      this.#scheduleFade();
    }
    context.globalAlpha = strength;
    if (strength > 0) context.drawImage(this.#base, 0, 0, width, height);
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
    const pinned = (side: Side) => tokens.filter((token) => token.side === side);
    for (const side of ["key", "query"] as const) {
      const others = pinned(side === "key" ? "query" : "key");
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
    if (this.#isBaseStale) return;
    [this.#before, this.#base] = [this.#base, this.#before];
    this.#fadeFrom = performance.now();
  }
}

/** The more of each row is asked for, the more lines may be drawn. */
function mostLines(coverage: number): number {
  const wanted = (MOST_LINES * 0.2) / Math.max(1e-6, 1 - coverage);
  return Math.round(Math.min(MOST_OF_ALL, Math.max(MOST_LINES, wanted)));
}

function focusOf(tokens: TokenRef[]): Focus | null {
  if (tokens.length === 0) return null;
  const indices = (side: Side) =>
    new Set(tokens.filter((token) => token.side === side).map(({ index }) => index));
  return { queries: indices("query"), keys: indices("key") };
}
