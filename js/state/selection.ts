export type ViewName = "head" | "model" | "neuron";
export type Side = "query" | "key";
export type Fusion = "mean" | "max" | "min";
export type Method = "attention";
export type PairFilter = "all" | "aa" | "ab" | "ba" | "bb";

export interface TokenRef {
  side: Side;
  index: number;
}

/** What Python and the browser agree on: the widget's synced traits. */
export interface Selection {
  view: ViewName;
  stream: string;
  layer: number;
  heads: number[] | null;
  method: Method;
  fusion: Fusion;
  tokens_selected: TokenRef[];
  hide_special: boolean;
  hide_first: boolean;
  pair_filter: PairFilter;
  coverage: number;
  thumbnails: "lines" | "matrix";
  theme: "auto" | "light" | "dark";
}

/** The names of all its fields; the compiler checks that none is missing. */
export const SELECTION_FIELDS = Object.keys({
  view: 0,
  stream: 0,
  layer: 0,
  heads: 0,
  method: 0,
  fusion: 0,
  tokens_selected: 0,
  hide_special: 0,
  hide_first: 0,
  pair_filter: 0,
  coverage: 0,
  thumbnails: 0,
  theme: 0,
} satisfies Record<keyof Selection, 0>) as (keyof Selection)[];
