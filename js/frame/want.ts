import type { AlternativesFrame } from "./alternatives";
import type { ContributionsFrame } from "./contributions";
import { type Cut, cutsKey } from "./cut";
import type { FindingsFrame } from "./findings";
import type { HeadEffectsFrame } from "./headEffects";
import type { KnockoutFrame } from "./knockout";
import type { MatrixFrame } from "./matrix";
import {
  type Fusion,
  keyOfTarget,
  type Methods,
  type MethodWant,
  methodKey,
  methodOf,
  type Target,
  usesFusion,
} from "./method";
import type { NeuronFrame } from "./neuron";
import type { PathsFrame } from "./paths";
import type { PredictionsFrame } from "./predictions";
import type { RowsFrame } from "./rows";
import type { StatisticsFrame } from "./statistics";
import type { SummaryFrame } from "./summary";
import type { ThumbnailsFrame } from "./thumbnails";
import type { TokenFrame } from "./token";

/** From which text of a pair to which. */
export type PairFilter = "all" | "aa" | "ab" | "ba" | "bb";

/** The keys that are hidden. */
export interface Hiding {
  hide_special: boolean;
  hide_first: boolean;
}

/** The keys and the block of a pair that rows are reduced to. */
export interface Narrowing extends Hiding {
  pair_filter: PairFilter;
}

/** The scores of a method in one layer. */
interface LayerWant extends MethodWant {
  stream: string;
  layer: number;
  fusion: Fusion;
}

/** Scores of some heads or, for null, of all heads fused. */
export interface ScoresWant extends LayerWant {
  heads: number[] | null;
}

/** A Frame repeats the want that it answers in its header. */
export interface RowsWant extends ScoresWant, Narrowing {
  kind: "rows";
  full: boolean;
}

/** Asks for the row of a query, or the column of a key; heads that are named are fused, too. */
export interface TokenWant extends ScoresWant, Narrowing {
  kind: "token";
  side: "query" | "key";
  index: number;
}

export interface SummaryWant {
  kind: "summary";
  stream: string;
  layer: number;
}

export interface ThumbnailsWant extends LayerWant, Hiding {
  kind: "thumbnails";
  size: number;
}

export interface MatrixWant extends ScoresWant, Narrowing {
  kind: "matrix";
  /** [start, stop], null for all. */
  queries: [number, number] | null;
  keys: [number, number] | null;
  /** Cells along each side, at most. */
  size: number;
  /** The matrix that is subtracted; it has the first one's settings of the method. */
  minus: Omit<ScoresWant, "stream"> | null;
}

export interface StatisticsWant extends ScoresWant {
  kind: "statistics";
  /** One head, or null for all fused. */
  heads: [number] | null;
}

export interface PredictionsWant {
  kind: "predictions";
  /** Null for the default of the model's head. */
  position: number | null;
  /** Tokens or classes beside the most probable ones, by index or text. */
  including?: (number | string)[];
}

/** Asks for the tokens that the model would put in the place of a stream's key. */
export interface AlternativesWant {
  kind: "alternatives";
  stream: string;
  index: number;
  /** A token to look up by its text. */
  text?: string;
}

export interface FindingsWant {
  kind: "findings";
  /** What effects and contributions are of; null is the default. */
  target: Target | null;
}

export interface ContributionsWant {
  kind: "contributions";
  /** The logit; null is the default. */
  target: Target | null;
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
  fusion: Fusion;
  /** The node whose content is followed; null is the top level. */
  level: number | null;
  index: number;
  /** Level and index of the node it is to go through. */
  via: [level: number, index: number] | null;
  /** At most so many edges. */
  most: number;
}

/** Asks what changes if attention is taken away. */
export interface KnockoutWant {
  kind: "knockout";
  cuts: Cut[];
  target: Target | null;
}

/** Asks for the change of the target without each head of a layer. */
export interface HeadEffectsWant {
  kind: "head_effects";
  stream: string;
  layer: number;
  target: Target | null;
  /** By a run without each head; else an estimate. */
  exact: boolean;
}

/** The run that a frame is of. */
export interface OfRun {
  /** The run without these, where there are any, or the other one of two traces. */
  after?: Cut[] | "other";
  /** Scores of that run minus those of the run with everything. */
  difference?: true;
}

export type Want = OfRun &
  (
    | RowsWant
    | TokenWant
    | SummaryWant
    | ThumbnailsWant
    | MatrixWant
    | StatisticsWant
    | PredictionsWant
    | AlternativesWant
    | FindingsWant
    | ContributionsWant
    | NeuronWant
    | PathsWant
    | KnockoutWant
    | HeadEffectsWant
  );

export type Frame =
  | RowsFrame
  | TokenFrame
  | SummaryFrame
  | ThumbnailsFrame
  | MatrixFrame
  | StatisticsFrame
  | PredictionsFrame
  | AlternativesFrame
  | FindingsFrame
  | ContributionsFrame
  | NeuronFrame
  | PathsFrame
  | KnockoutFrame
  | HeadEffectsFrame;

/** The kind of frame that answers a want. */
export type FrameFor<W extends Want> = Extract<Frame, { kind: W["kind"] }>;

/**
 * Two wants have one key exactly when one frame answers both.
 *
 * The fusion counts only where heads are fused, and a setting only where the method has it.
 */
export function wantKey(methods: Methods, want: Want): string {
  const key = keyInRun(methods, want);
  // A file holds frames of one run, so that they need not say which.
  if (!want.after || want.after.length === 0) return key;
  const run = want.after === "other" ? want.after : cutsKey(want.after);
  return `${key} ${want.difference ? "difference" : "after"} ${run}`;
}

function keyInRun(methods: Methods, want: Want): string {
  switch (want.kind) {
    case "rows":
      return JSON.stringify([
        ...["rows", want.stream, want.layer, want.heads],
        ...scoresKey(methods, want, want.heads === null),
        ...[want.hide_special, want.hide_first, want.pair_filter, want.full],
      ]);
    case "token":
      return JSON.stringify([
        ...["token", want.stream, want.side, want.index, ...matrixKey(methods, want)],
        ...[want.hide_special, want.hide_first, want.pair_filter],
      ]);
    case "summary":
      return JSON.stringify(["summary", want.stream, want.layer]);
    case "thumbnails":
      return JSON.stringify([
        ...["thumbnails", want.stream, want.layer],
        ...scoresKey(methods, want, !methodOf(methods, want.method).per_head),
        ...[want.hide_special, want.hide_first, want.size],
      ]);
    case "matrix":
      return JSON.stringify([
        ...["matrix", want.stream, ...matrixKey(methods, want)],
        want.minus && matrixKey(methods, { ...want, ...want.minus }),
        ...[want.hide_special, want.hide_first, want.pair_filter],
        ...[want.queries, want.keys, want.size],
      ]);
    case "statistics":
      return JSON.stringify(["statistics", want.stream, ...matrixKey(methods, want)]);
    case "predictions":
      return JSON.stringify(["predictions", want.position, ...(want.including ?? [])]);
    case "alternatives":
      return JSON.stringify(["alternatives", want.stream, want.index, want.text ?? null]);
    case "knockout":
      return JSON.stringify([
        "knockout",
        cutsKey(want.cuts),
        want.target && keyOfTarget(want.target),
      ]);
    case "findings":
    case "contributions":
      return JSON.stringify([want.kind, want.target && keyOfTarget(want.target)]);
    case "head_effects":
      return JSON.stringify([
        ...["head_effects", want.stream, want.layer, want.exact],
        want.target && keyOfTarget(want.target),
      ]);
    case "neuron":
      return JSON.stringify(["neuron", want.stream, want.layer, want.head, want.query]);
    case "paths":
      return JSON.stringify([
        ...["paths", want.stream, ...scoresKey(methods, want, true)],
        ...[want.level, want.index, want.via, want.most],
      ]);
  }
}

/** The part of a key that says how scores come about; the fusion counts where heads are fused. */
export function scoresKey(
  methods: Methods,
  want: MethodWant & { fusion: Fusion },
  isFused: boolean,
): unknown[] {
  const method = methodOf(methods, want.method);
  return [isFused && usesFusion(method) ? want.fusion : null, ...methodKey(method, want)];
}

/** A matrix is always one picture: several heads are fused, one alone is not. */
function matrixKey(methods: Methods, want: Omit<ScoresWant, "stream">): unknown[] {
  return [want.layer, want.heads, ...scoresKey(methods, want, want.heads?.length !== 1)];
}
