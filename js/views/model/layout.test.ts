import { describe, expect, it } from "vitest";
import { arrange } from "./arrange";
import {
  gridLayout,
  isNear,
  LARGEST_HEIGHT,
  loadingOrder,
  THUMBNAIL,
  visibleLayers,
} from "./layout";

describe("gridLayout", () => {
  it("shows all of a small model in the width and the height there is", () => {
    const { pitch } = gridLayout(1000, 6, 12);
    expect(58 + 12 * pitch).toBeLessThanOrEqual(1000);
    expect(24 + 6 * pitch).toBeLessThanOrEqual(LARGEST_HEIGHT);
  });

  it("never makes thumbnails too small to read nor lost in space", () => {
    expect(gridLayout(500, 30, 32).cell).toBe(THUMBNAIL.smallest);
    expect(gridLayout(1600, 2, 2).cell).toBe(THUMBNAIL.largest);
  });

  it("scrolls down rather than shrink below a comfortable size", () => {
    const { pitch } = gridLayout(1000, 30, 9);
    expect(pitch).toBe(THUMBNAIL.comfortable);
    expect(30 * pitch).toBeGreaterThan(LARGEST_HEIGHT);
  });
});

describe("visibleLayers", () => {
  it("counts a layer of which a part is seen", () => {
    // Rows of 50 px: [75, 174] touches layers 1 (50 to 99), 2 and 3 (150 to 199).
    expect(visibleLayers(75, 124, 50, 30)).toEqual({ first: 1, last: 3 });
  });

  it("stays within the model", () => {
    expect(visibleLayers(9999, 600, 50, 4)).toEqual({ first: 3, last: 3 });
    expect(visibleLayers(0, 0, 50, 4)).toEqual({ first: 0, last: 0 });
  });

  it("prepares two layers around those in sight", () => {
    const near = [0, 1, 2, 3, 4, 5, 6, 7, 8].filter((layer) =>
      isNear(layer, { first: 4, last: 5 }),
    );
    expect(near).toEqual([2, 3, 4, 5, 6, 7]);
  });
});

it("loads what is in sight, then what is below, then what is above from near to far", () => {
  expect(loadingOrder({ first: 3, last: 4 }, 8)).toEqual([3, 4, 5, 6, 7, 2, 1, 0]);
});

describe("arrange", () => {
  it("puts the detail beside a wide grid without exceeding the width", () => {
    const { detail, gridWidth, detailWidth } = arrange(1400, 6, 12, true);
    expect(detail).toBe("beside");
    expect(gridWidth + detailWidth).toBeLessThanOrEqual(1400);
    expect(detailWidth).toBeGreaterThanOrEqual(360);
  });

  it("leaves thumbnails as they are where the detail finds room anyway", () => {
    expect(arrange(1400, 30, 9, true).layout).toEqual(arrange(1400, 30, 9, false).layout);
  });

  it("puts the detail below a narrow grid and lowers the grid", () => {
    const open = arrange(500, 30, 32, true);
    expect(open.detail).toBe("below");
    expect(open.gridHeight).toBeLessThan(arrange(500, 30, 32, false).gridHeight);
  });
});
