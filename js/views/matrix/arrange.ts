import { layoutPlot, type PlotLayout } from "./layout";
import type { Section } from "./range";

export interface Arrangement {
  /** One matrix, or two. */
  layouts: PlotLayout[];
  /** Two matrices one below the other. */
  isStacked: boolean;
  list: "beside" | "below";
}

const TALLEST = 480;
/** Of two that are stacked. */
const TALLEST_STACKED = 320;
const LIST_WIDTH = 250;
const SPACE = 20;
/** What the second of two side by side keeps at its left, where no queries are written. */
const NO_QUERIES = 10;
/** Two matrices stand side by side from this width on. */
const PAIR_FROM = 540;

/** Shares the width out between matrices and the list of connections. */
export function arrange(
  width: number,
  section: Section,
  labels: { query: number; key: number },
  isPair: boolean,
): Arrangement {
  if (!isPair) {
    const beside = width - LIST_WIDTH - SPACE;
    const narrow = layoutPlot({ width: beside, height: TALLEST }, section, labels);
    const wide = layoutPlot({ width, height: TALLEST }, section, labels);
    const isBeside = narrow.width >= wide.width && narrow.height >= wide.height;
    return {
      layouts: [isBeside ? narrow : wide],
      isStacked: false,
      list: isBeside ? "beside" : "below",
    };
  }
  if (width < PAIR_FROM) {
    const layout = layoutPlot({ width, height: TALLEST_STACKED }, section, labels);
    return { layouts: [layout, layout], isStacked: true, list: "below" };
  }
  // Cells of one size: both lend half of the room that the queries take.
  const left = layoutPlot({ width, height: TALLEST }, section, labels).left;
  const room = { width: (width - SPACE - NO_QUERIES + left) / 2, height: TALLEST };
  const first = layoutPlot(room, section, labels);
  return {
    layouts: [first, { ...first, left: NO_QUERIES }],
    isStacked: false,
    list: "below",
  };
}
