import { describe, expect, it } from "vitest";
import { tokensOf } from "../../state/testing";
import { neighbourOf } from "./keyboard";
import { GUTTER, layoutNodes, levelY, nearestPlace, nodeX } from "./layout";
import type { Nodes } from "./nodes";
import { windowAt } from "./useSight";

const nodesWith = (count: number, split: number | null = null, word = "t"): Nodes => {
  const tokens = { ...tokensOf(count), text: new Array<string>(count).fill(word) };
  return { tokens, split, last: (split ?? count) - 1 };
};
const all = (count: number) => Array.from({ length: count }, (_, index) => index);
const layoutOf = (count: number, width = 700, levels = 7, split: number | null = null) =>
  layoutNodes(nodesWith(count, split), all(count), { width, levels });

describe("layoutNodes", () => {
  it("centres a few tokens beside the names of the levels", () => {
    const { centers, width, aslant } = layoutOf(5, 1200);
    expect([width, aslant]).toEqual([1200, false]);
    const middle = ((centers[0] ?? 0) + (centers[4] ?? 0)) / 2;
    expect(middle).toBeCloseTo(GUTTER + (1200 - GUTTER) / 2, 0);
  });

  it("writes labels aslant before it scrolls, and then scrolls", () => {
    const withWords = (count: number) =>
      layoutNodes(nodesWith(count, null, "word"), all(count), { width: 700, levels: 7 });
    const some = withWords(24);
    expect([some.aslant, some.width]).toEqual([true, 700]);
    const many = withWords(500);
    expect(many.aslant).toBe(true);
    expect(many.width).toBeGreaterThan(500 * 20);
    expect(many.centers[499]).toBeLessThan(many.width);
  });

  it("never writes single characters aslant", () => {
    const characters = layoutOf(60);
    expect(characters.aslant).toBe(false);
    expect(characters.width).toBeGreaterThan(700);
  });

  it("puts the inputs at the bottom, and scrolls where there are many layers", () => {
    const layout = layoutOf(5);
    expect(levelY(layout, 0)).toBeGreaterThan(levelY(layout, 6));
    expect(layoutOf(5, 700, 61).rowPitch).toBe(30);
  });

  it("keeps target and source tokens apart", () => {
    const { centers, splitAt, pitch } = layoutOf(9, 900, 7, 4);
    expect((centers[4] ?? 0) - (centers[3] ?? 0)).toBeGreaterThan(pitch + 20);
    expect(splitAt).toBeGreaterThan(centers[3] ?? 0);
    expect(splitAt).toBeLessThan(centers[4] ?? 0);
  });

  it("gives hidden nodes no place", () => {
    const layout = layoutNodes(nodesWith(10), [2, 7], { width: 700, levels: 3 });
    expect(nodeX(layout, 3)).toBeNull();
    expect(nodeX(layout, 7)).toBe(layout.centers[1]);
  });
});

it("finds the nearest node", () => {
  const layout = layoutOf(30);
  layout.centers.forEach((x, place) => {
    expect(nearestPlace(layout, x + layout.pitch * 0.4)).toBe(place);
    expect(nearestPlace(layout, x - layout.pitch * 0.4)).toBe(place);
  });
});

it("renders only what is in sight, and some around it", () => {
  const layout = layoutOf(500, 700, 61);
  const window = windowAt(layout, { left: 5000, top: 600 }, { width: 700, height: 560 });
  const place = nearestPlace(layout, 5350);
  expect(window.first).toBeLessThanOrEqual(place - 10);
  expect(window.end - window.first).toBeLessThan(60);
  expect(window.highest).toBeLessThan(50);
  expect(window.highest - window.lowest).toBeLessThan(40);
});

describe("neighbourOf", () => {
  const layout = layoutNodes(nodesWith(10), [0, 2, 7], { width: 700, levels: 3 });

  it("moves across the tokens that are shown and up and down the levels", () => {
    const from = { level: 1, index: 2 };
    expect(neighbourOf(from, "ArrowRight", layout)).toEqual({ level: 1, index: 7 });
    expect(neighbourOf(from, "ArrowLeft", layout)).toEqual({ level: 1, index: 0 });
    expect(neighbourOf(from, "ArrowUp", layout)).toEqual({ level: 2, index: 2 });
    expect(neighbourOf(from, "ArrowDown", layout)).toEqual({ level: 0, index: 2 });
    expect(neighbourOf(from, "End", layout)).toEqual({ level: 1, index: 7 });
    expect(neighbourOf(from, "a", layout)).toBeNull();
  });

  it("stays inside", () => {
    expect(neighbourOf({ level: 2, index: 7 }, "ArrowUp", layout)).toEqual({ level: 2, index: 7 });
    expect(neighbourOf({ level: 0, index: 0 }, "ArrowLeft", layout)).toEqual({
      level: 0,
      index: 0,
    });
  });
});
