import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ThumbnailsFrame } from "../../frame/thumbnails";
import { drawLines, lineOpacity } from "./drawThumbnail";

/** Notes every line that is drawn: where it starts and ends, and how opaque it is. */
class NotedPath {
  readonly lines: number[][] = [];
  #from: number[] = [];
  moveTo(x: number, y: number) {
    this.#from = [x, y];
  }
  bezierCurveTo(_a: number, _b: number, _c: number, _d: number, x: number, y: number) {
    this.lines.push([...this.#from, x, y]);
  }
}

function draw(frame: ThumbnailsFrame, head: number, full = 1) {
  const lines: { from: number; to: number; opacity: number; color: string }[] = [];
  const context = {
    globalAlpha: 1,
    strokeStyle: "",
    save: () => undefined,
    restore: () => undefined,
    stroke(path: NotedPath) {
      for (const [, from = 0, , to = 0] of path.lines) {
        lines.push({ from, to, opacity: this.globalAlpha, color: this.strokeStyle });
      }
    },
  };
  const square = { left: 0, top: 0, side: 100 };
  const colors = { positive: "blue", negative: "orange" };
  drawLines(context as unknown as CanvasRenderingContext2D, frame, head, square, colors, full);
  return lines;
}

describe("drawLines", () => {
  beforeEach(() => vi.stubGlobal("Path2D", NotedPath));
  afterEach(() => vi.unstubAllGlobals());

  // Two heads of 2 x 2 cells; bytes are square roots of weights up to 1.
  const cells = Uint8Array.of(255, 0, 0, 255, 40, 255, 255, 40);
  const frame: ThumbnailsFrame = {
    kind: "thumbnails",
    heads: 2,
    rows: 2,
    columns: 2,
    cells,
    top: 1,
    signed: false,
  };

  it("joins each query to its keys and draws nothing for no weight", () => {
    const lines = draw(frame, 0);
    expect(lines).toHaveLength(2);
    for (const { from, to, opacity } of lines) {
      expect(to).toBe(from);
      expect(opacity).toBe(1);
    }
  });

  it("draws the head that is asked for, without weights under a tenth of the row's largest", () => {
    // (40 / 255)² is 2.5 % of the largest.
    const lines = draw(frame, 1);
    expect(lines).toHaveLength(2);
    for (const { from, to } of lines) expect(to).not.toBe(from);
  });

  it("tells signs by colour and strength by magnitude", () => {
    // Roots 1, −1, −0.5 and 0: the third is a quarter as strong as the second.
    const bytes = Uint8Array.of(255, 1, 64, 128);
    const lines = draw({ ...frame, heads: 1, cells: bytes, signed: true }, 0);
    const seen = lines.map(({ color, opacity }) => [color, opacity]);
    expect(seen).toEqual([
      ["orange", 0.4],
      ["blue", 1],
      ["orange", 1],
    ]);
  });

  it("keeps faint rows, faintly", () => {
    const faint = { ...frame, top: 0.01 };
    const opacities = draw(faint, 0).map(({ opacity }) => opacity);
    expect(opacities).toEqual([0.1, 0.1]);
  });
});

it("opacity grows with the weight up to full", () => {
  expect(lineOpacity(0)).toBe(0);
  expect(lineOpacity(0.1)).toBeLessThan(lineOpacity(0.2));
  expect(lineOpacity(1)).toBe(1);
});
