import { describe, expect, it } from "vitest";
import { moveFocus, openedHead } from "./headRef";
import { placePreview } from "./Preview";

describe("moveFocus", () => {
  const from = { layer: 2, head: 0 };

  it.each([
    ["ArrowRight", { layer: 2, head: 1 }],
    ["ArrowLeft", { layer: 2, head: 0 }],
    ["ArrowUp", { layer: 1, head: 0 }],
    ["ArrowDown", { layer: 3, head: 0 }],
    ["End", { layer: 2, head: 11 }],
    ["PageDown", { layer: 5, head: 0 }],
  ])("%s stays inside the grid", (key, to) => {
    expect(moveFocus(key, from, 6, 12)).toEqual(to);
  });

  it("leaves other keys alone", () => {
    expect(moveFocus("Enter", from, 6, 12)).toBeNull();
  });
});

describe("openedHead", () => {
  const opened = { layer: 1, head: 4 };

  it("follows the layer and the head that are selected elsewhere", () => {
    expect(openedHead(opened, 3, [4])).toEqual({ layer: 3, head: 4 });
    expect(openedHead(opened, 3, [7, 8])).toEqual({ layer: 3, head: 7 });
    expect(openedHead(opened, 3, [2, 4])).toEqual({ layer: 3, head: 4 });
  });

  it("is closed when nothing was opened or all heads are fused", () => {
    expect(openedHead(null, 1, [4])).toBeNull();
    expect(openedHead(opened, 1, null)).toBeNull();
  });
});

describe("placePreview", () => {
  it("is beside the pointer, on its left near the right edge", () => {
    expect(placePreview(100, 50, 1000, 600)).toEqual({ left: "116px", top: "66px" });
    expect(Number.parseInt(placePreview(950, 50, 1000, 600).left, 10)).toBeLessThan(950 - 200);
  });

  it("never leaves the view at the top or left", () => {
    expect(placePreview(10, 590, 200, 100)).toEqual({ left: "0px", top: "0px" });
  });
});
