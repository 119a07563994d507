import { type GridLayout, GUTTER, gridLayout, LARGEST_HEIGHT } from "./layout";

/** Below this width the detail goes under the grid. */
const BESIDE_FROM = 820;
const DETAIL = { narrowest: 360, widest: 640 } as const;
/** A grid above its detail is kept low, so that the detail comes into sight. */
const ABOVE_DETAIL = 340;
const SPACE = 24;
const SCROLLBAR = 14;

export interface Arrangement {
  layout: GridLayout;
  detail: "none" | "beside" | "below";
  /** Room for the grid and for the detail. */
  gridWidth: number;
  gridHeight: number;
  detailWidth: number;
}

/** Shares a width between the grid and, when one is open, the detail of a head. */
export function arrange(
  width: number,
  layers: number,
  heads: number,
  isOpen: boolean,
): Arrangement {
  const alone = gridLayout(width - SCROLLBAR, layers, heads);
  if (!isOpen)
    return {
      layout: alone,
      detail: "none",
      gridWidth: width,
      gridHeight: LARGEST_HEIGHT,
      detailWidth: 0,
    };
  if (width < BESIDE_FROM) {
    return {
      layout: alone,
      detail: "below",
      gridWidth: width,
      gridHeight: ABOVE_DETAIL,
      detailWidth: width,
    };
  }
  const left = width - naturalWidth(alone, heads) - SPACE;
  const detailWidth = Math.min(Math.max(left, DETAIL.narrowest), DETAIL.widest);
  const gridWidth = Math.min(width - detailWidth - SPACE, naturalWidth(alone, heads));
  const layout = gridLayout(gridWidth - SCROLLBAR, layers, heads);
  return { layout, detail: "beside", gridWidth, gridHeight: LARGEST_HEIGHT, detailWidth };
}

const TABLE_WIDTH = 640;

/** Shares a width between the table of heads and the detail of one. */
export function arrangeTable(width: number, isOpen: boolean): Omit<Arrangement, "layout"> {
  const left = width - TABLE_WIDTH - SPACE;
  const gridHeight = LARGEST_HEIGHT;
  if (!isOpen) return { detail: "none", gridWidth: width, gridHeight, detailWidth: 0 };
  if (left < DETAIL.narrowest) {
    return { detail: "below", gridWidth: width, gridHeight: ABOVE_DETAIL, detailWidth: width };
  }
  const detailWidth = Math.min(left, DETAIL.widest);
  return { detail: "beside", gridWidth: TABLE_WIDTH, gridHeight, detailWidth };
}

function naturalWidth(layout: GridLayout, heads: number): number {
  return GUTTER.left + heads * layout.pitch + SCROLLBAR;
}
