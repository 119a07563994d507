import { type GridLayout, GUTTER, gridLayout } from "./layout";

/** Below this width the detail goes under the grid. */
const BESIDE_FROM = 820;
const DETAIL = { narrowest: 360, widest: 640 } as const;
const SPACE = 24;
const SCROLLBAR = 14;

export interface Arrangement {
  layout: GridLayout;
  detail: "none" | "beside" | "below";
  /** Room for the grid and for the detail. */
  gridWidth: number;
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
  if (!isOpen) return { layout: alone, detail: "none", gridWidth: width, detailWidth: 0 };
  if (width < BESIDE_FROM) {
    return { layout: alone, detail: "below", gridWidth: width, detailWidth: width };
  }
  const left = width - naturalWidth(alone, heads) - SPACE;
  const detailWidth = Math.min(Math.max(left, DETAIL.narrowest), DETAIL.widest);
  const gridWidth = Math.min(width - detailWidth - SPACE, naturalWidth(alone, heads));
  const layout = gridLayout(gridWidth - SCROLLBAR, layers, heads);
  return { layout, detail: "beside", gridWidth, detailWidth };
}

function naturalWidth(layout: GridLayout, heads: number): number {
  return GUTTER.left + heads * layout.pitch + SCROLLBAR;
}
