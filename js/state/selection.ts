import type { Cut } from "../frame/cut";
import type { Fusion, SettingRow, ValueOf } from "../frame/method";
import type { PairFilter } from "../frame/want";
import type { Edit } from "./edits";

export type { ContrastTarget, Fusion, PlacedTarget, SpanTarget, Target } from "../frame/method";
export type { PairFilter } from "../frame/want";

export type Side = "query" | "key";
export type MatrixMode = "single" | "compare" | "difference" | "evolution";

export type Run = "before" | "after" | "difference";

export interface TokenRef {
  side: Side;
  index: number;
}

/** The second matrix of a comparison; null fields are as those of the first. */
export interface CompareWith {
  layer: number | null;
  head: number | null;
  method: string | null;
}

/** A node of the trace view: a token before the first step (level 0) or after the step below. */
export interface NodeRef {
  level: number;
  index: number;
}

/**
 * The state that Python and the browser share: the widget's synced traits.
 *
 * The settings of methods stand beside them under their own names, which `about` gives (see
 * `settingOf`).
 */
export interface Selection {
  view: string;
  stream: string;
  layer: number;
  heads: number[] | null;
  method: string;
  fusion: Fusion;
  cuts: Cut[];
  /** What is edited of the input. Files of 0.1.0 have none. */
  edits: Edit[];
  /** The run on the screen: the captured one, that without what was cut, or second minus first. */
  run: Run;
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
  /** What colours the heads of the model view. */
  head_colors: "importance" | "weight" | "effect" | "exact_effect";
  theme: "auto" | "light" | "dark";
}

const FIELDS: Record<keyof Selection, true> = {
  view: true,
  stream: true,
  layer: true,
  heads: true,
  method: true,
  fusion: true,
  cuts: true,
  edits: true,
  run: true,
  matrix_mode: true,
  compare_with: true,
  colormap: true,
  scale: true,
  trace_node: true,
  trace_via: true,
  tokens_selected: true,
  hide_special: true,
  hide_first: true,
  pair_filter: true,
  coverage: true,
  thumbnails: true,
  head_colors: true,
  theme: true,
};

/** The names of the traits; those of the methods' settings come beside them. */
export const SELECTION_FIELDS = Object.keys(FIELDS) as (keyof Selection)[];

/** A change of one setting of a method. */
export function changeOfSetting<S extends SettingRow>(
  { name }: S,
  value: ValueOf<S>,
): Partial<Selection> {
  return { [name]: value } as Partial<Selection>;
}
