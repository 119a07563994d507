/** What a Frame is asked for by; a Frame repeats it in its header. */
export interface RowsWant {
  kind: "rows";
  stream: string;
  layer: number;
  heads: number[] | null;
  method: "attention";
  fusion: "mean" | "max" | "min";
  hide_special: boolean;
  hide_first: boolean;
  pair_filter: "all" | "aa" | "ab" | "ba" | "bb";
  full: boolean;
}

export interface SummaryWant {
  kind: "summary";
  stream: string;
  layer: number;
}

export interface ThumbnailsWant {
  kind: "thumbnails";
  stream: string;
  layer: number;
  method: "attention";
  hide_special: boolean;
  hide_first: boolean;
  size: number;
}

export interface NeuronWant {
  kind: "neuron";
  stream: string;
  layer: number;
  head: number;
  query: number;
}

export type Want = RowsWant | SummaryWant | ThumbnailsWant | NeuronWant;
