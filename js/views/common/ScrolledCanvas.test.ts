import { beforeEach, expect, it, vi } from "vitest";
import { ScrolledCanvas } from "./ScrolledCanvas";

const context = { setTransform: vi.fn(), clearRect: vi.fn() };
let frames: FrameRequestCallback[];

beforeEach(() => {
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (callback: FrameRequestCallback) => frames.push(callback));
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(context as never);
});

const nextFrame = () => {
  for (const callback of frames.splice(0)) callback(0);
};

function made(sight: { width: number; height: number } | null = { width: 10, height: 10 }) {
  const drawing = {
    measure: vi.fn(() => sight),
    drawBitmap: vi.fn(),
    compose: vi.fn(),
    onDrawn: vi.fn(),
  };
  const canvas = document.createElement("canvas");
  return { drawing, scrolled: new ScrolledCanvas(canvas, drawing, new AbortController().signal) };
}

it("draws once per animation frame, its bitmap only when that is stale", () => {
  const { drawing, scrolled } = made();
  scrolled.invalidate();
  scrolled.invalidate();
  nextFrame();
  scrolled.schedule();
  nextFrame();
  expect(drawing.drawBitmap).toHaveBeenCalledOnce();
  expect(drawing.compose).toHaveBeenCalledTimes(2);
  expect(drawing.measure.mock.calls).toEqual([[true], [false]]);
});

it("tells of drawings, not of repetitions", () => {
  const { drawing, scrolled } = made();
  scrolled.redraw();
  scrolled.scheduleRepeat();
  nextFrame();
  expect(drawing.compose).toHaveBeenCalledTimes(2);
  expect(drawing.onDrawn).toHaveBeenCalledOnce();
});

it("gives its bitmap away only while that shows what was drawn last", () => {
  const { drawing, scrolled } = made();
  const other = document.createElement("canvas");
  expect(scrolled.exchangeBitmap(other)).toBeNull();
  scrolled.redraw();
  const bitmap = drawing.compose.mock.lastCall?.[1];
  expect(scrolled.exchangeBitmap(other)).toBe(bitmap);
  scrolled.redraw();
  expect(drawing.compose.mock.lastCall?.[1]).toBe(other);
});

it("does nothing while there is nothing to draw", () => {
  const { drawing, scrolled } = made(null);
  scrolled.redraw();
  expect(drawing.compose).not.toHaveBeenCalled();
  expect(drawing.onDrawn).not.toHaveBeenCalled();
});
