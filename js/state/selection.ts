import type { Method, Target } from "../frame/method";

export type { Method, Target } from "../frame/method";

export type Side = "query" | "key";
export type Fusion = "mean" | "max" | "min";
export type PairFilter = "all" | "aa" | "ab" | "ba" | "bb";
export type MatrixMode = "single" | "compare" | "difference" | "evolution";

export interface TokenRef {
  side: Side;
  index: number;
}

/** The second matrix of a comparison; null fields are as those of the first. */
export interface CompareWith {
  layer: number | null;
  head: number | null;
  method: Method | null;
}

/** A node of the trace view: a token before the first step (level 0) or after the step below. */
export interface NodeRef {
  level: number;
  index: number;
}

/** The state that Python and the browser share: the widget's synced traits. */
export interface Selection {
  view: string;
  stream: string;
  layer: number;
  heads: number[] | null;
  method: Method;
  fusion: Fusion;
  discard_ratio: number;
  target: Target | null;
  matrix_mode: MatrixMode;
  compare_with: CompareWith | null;
  colormap: "viridis" | "blues";
  scale: "fitted" | "unit";
  trace_node: NodeRef | null;
  trace_via: NodeRef | null;
  tokens_selected: TokenRef[];
  hide_special: boolean;
  hide_first: boolean;
  pair_filter: PairFilter;
  coverage: number;
  thumbnails: "lines" | "matrix";
  theme: "auto" | "light" | "dark";
}

/** The selection that a widget starts with, but for the name of its stream. */
export const DEFAULT_SELECTION: Selection = {
  view: "head",
  stream: "self",
  layer: 0,
  heads: null,
  method: "attention",
  fusion: "mean",
  discard_ratio: 0,
  target: null,
  matrix_mode: "single",
  compare_with: null,
  colormap: "viridis",
  scale: "fitted",
  trace_node: null,
  trace_via: null,
  tokens_selected: [],
  hide_special: false,
  hide_first: false,
  pair_filter: "all",
  coverage: 0.8,
  thumbnails: "lines",
  theme: "auto",
};

export const SELECTION_FIELDS = Object.keys(DEFAULT_SELECTION) as (keyof Selection)[];
