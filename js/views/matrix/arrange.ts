import type { Section } from "./geometry";
import { layoutPlot, type PlotLayout } from "./layout";

export interface Arrangement {
  /** One matrix, or two. */
  layouts: PlotLayout[];
  /** Two matrices one below the other. */
  isStacked: boolean;
  list: "beside" | "below";
}

/** The height of one matrix, or of two side by side: more if the view is wide. */
const TALLEST = { narrow: 480, wide: 560, share: 0.45 };
/** The height of each of two stacked matrices. */
const TALLEST_STACKED = 320;
const LIST_WIDTH = 250;
const SPACE = 20;
/** Room at the left of the second of two side by side, where no queries are written. */
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
  const { narrow, wide, share } = TALLEST;
  const height = Math.min(wide, Math.max(narrow, width * share));
  if (!isPair) {
    const beside = width - LIST_WIDTH - SPACE;
    const full = layoutPlot({ width, height }, section, labels);
    const shared = layoutPlot({ width: beside, height }, section, labels);
    const isBeside = shared.width >= full.width && shared.height >= full.height;
    return {
      layouts: [isBeside ? shared : full],
      isStacked: false,
      list: isBeside ? "beside" : "below",
    };
  }
  if (width < PAIR_FROM) {
    const layout = layoutPlot({ width, height: TALLEST_STACKED }, section, labels);
    return { layouts: [layout, layout], isStacked: true, list: "below" };
  }
  // Cells of one size: both lend half of the room that the queries take.
  const left = layoutPlot({ width, height }, section, labels).left;
  const room = { width: (width - SPACE - NO_QUERIES + left) / 2, height };
  const first = layoutPlot(room, section, labels);
  return {
    layouts: [first, { ...first, left: NO_QUERIES }],
    isStacked: false,
    list: "below",
  };
}
