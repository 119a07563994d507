export type ViewName = "head" | "model" | "neuron";
export type Side = "query" | "key";
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
  method: "attention";
  fusion: "mean" | "max" | "min";
  tokens_selected: TokenRef[];
  hide_special: boolean;
  hide_first: boolean;
  pair_filter: PairFilter;
  coverage: number;
  thumbnails: "lines" | "matrix";
  theme: "auto" | "light" | "dark";
}
