import type { MatrixFrame } from "./matrix";
import { isPerHead, type MethodWant, methodKey, usesFusion } from "./method";
import type { NeuronFrame } from "./neuron";
import type { PathsFrame } from "./paths";
import type { PredictionsFrame } from "./predictions";
import type { RowsFrame } from "./rows";
import type { StatisticsFrame } from "./statistics";
import type { SummaryFrame } from "./summary";
import type { ThumbnailsFrame } from "./thumbnails";

/** What a Frame is asked for by; a Frame repeats it in its header. */
export interface RowsWant extends MethodWant {
  kind: "rows";
  stream: string;
  layer: number;
  heads: number[] | null;
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

export interface ThumbnailsWant extends MethodWant {
  kind: "thumbnails";
  stream: string;
  layer: number;
  fusion: "mean" | "max" | "min";
  hide_special: boolean;
  hide_first: boolean;
  size: number;
}

export interface MatrixWant extends MethodWant {
  kind: "matrix";
  stream: string;
  layer: number;
  heads: number[] | null;
  fusion: "mean" | "max" | "min";
  hide_special: boolean;
  hide_first: boolean;
  pair_filter: "all" | "aa" | "ab" | "ba" | "bb";
  /** [start, stop], null for all. */
  queries: [number, number] | null;
  keys: [number, number] | null;
  /** Cells along each side, at most. */
  size: number;
  /** The matrix that is subtracted; it has the first one's settings of the method. */
  minus: Pick<MatrixWant, "layer" | "heads" | "method" | "fusion"> | null;
}

export interface StatisticsWant extends MethodWant {
  kind: "statistics";
  stream: string;
  layer: number;
  /** One head, or null for all fused. */
  heads: [number] | null;
  fusion: "mean" | "max" | "min";
}

export interface PredictionsWant {
  kind: "predictions";
  /** Null for the default of the model's head. */
  position: number | null;
}

export interface NeuronWant {
  kind: "neuron";
  stream: string;
  layer: number;
  head: number;
  query: number;
}

export interface PathsWant extends MethodWant {
  kind: "paths";
  stream: string;
  fusion: "mean" | "max" | "min";
  /** The node whose content is followed; null is the top level. */
  level: number | null;
  index: number;
  /** Level and index of the node it is to go through. */
  via: [level: number, index: number] | null;
  /** At most so many edges. */
  most: number;
}

export type Want =
  | RowsWant
  | SummaryWant
  | ThumbnailsWant
  | MatrixWant
  | StatisticsWant
  | PredictionsWant
  | NeuronWant
  | PathsWant;

export type Frame =
  | RowsFrame
  | SummaryFrame
  | ThumbnailsFrame
  | MatrixFrame
  | StatisticsFrame
  | PredictionsFrame
  | NeuronFrame
  | PathsFrame;

/** The kind of frame that answers a want. */
export type FrameFor<W extends Want> = Extract<Frame, { kind: W["kind"] }>;

/**
 * Two wants have one key exactly when one frame answers both.
 *
 * How heads would be fused makes no difference where heads are named, nor do settings that the
 * method does not use.
 */
export function wantKey(want: Want): string {
  switch (want.kind) {
    case "rows":
      return JSON.stringify([
        ...["rows", want.stream, want.layer, want.heads, ...methodKey(want)],
        want.heads || !usesFusion(want.method) ? null : want.fusion,
        ...[want.hide_special, want.hide_first, want.pair_filter, want.full],
      ]);
    case "summary":
      return JSON.stringify(["summary", want.stream, want.layer]);
    case "thumbnails":
      return JSON.stringify([
        ...["thumbnails", want.stream, want.layer, ...methodKey(want)],
        isPerHead(want.method) || !usesFusion(want.method) ? null : want.fusion,
        ...[want.hide_special, want.hide_first, want.size],
      ]);
    case "matrix":
      return JSON.stringify([
        ...[
          "matrix",
          want.stream,
          ...matrixKey(want),
          want.minus && matrixKey({ ...want, ...want.minus }),
        ],
        ...[want.hide_special, want.hide_first, want.pair_filter],
        ...[want.queries, want.keys, want.size],
      ]);
    case "statistics":
      return JSON.stringify(["statistics", want.stream, ...matrixKey(want)]);
    case "predictions":
      return JSON.stringify(["predictions", want.position]);
    case "neuron":
      return JSON.stringify(["neuron", want.stream, want.layer, want.head, want.query]);
    case "paths":
      return JSON.stringify([
        ...["paths", want.stream, ...methodKey(want)],
        want.method === "relevance" ? null : want.fusion,
        ...[want.level, want.index, want.via, want.most],
      ]);
  }
}

/** A matrix is always one picture: several heads are fused, one alone is not. */
function matrixKey(want: Pick<MatrixWant, "layer" | "heads" | "fusion"> & MethodWant): unknown[] {
  const fusion = want.heads?.length === 1 || !usesFusion(want.method) ? null : want.fusion;
  return [want.layer, want.heads, fusion, ...methodKey(want)];
}
