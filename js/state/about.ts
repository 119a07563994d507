import type { Fusion, MethodRow, MethodWant } from "../frame/method";

export interface TokenList {
  text: string[];
  special: number[];
  continues: number[];
  segments: number[];
  /** Those that the model wrote. Files of 0.1.0 do not tell. */
  written?: number[];
  /** Those with a space before them in the text. Files of 0.1.0 have none. */
  spaced?: number[];
  /** Those that name a patch of an image or a frame of a sound. Files of 0.1.0 have none. */
  places?: number[];
}

/** The parts of a stream that a file holds; a kernel has everything. */
export interface Held {
  layers: number[];
  heads: number[];
  /** With the settings that they are held with. */
  methods: (MethodWant & { fusion: Fusion })[];
}

/** The tokens whose log-probability a target may sum up. */
export interface SpanRange {
  first: number;
  stop: number;
  /** Positions between them that no span may hold. */
  gaps: number[];
  /** Start and stop of what was written, or of the second text. */
  answer: [start: number, stop: number] | null;
}

export interface StreamAbout {
  name: string;
  layers: number;
  /** The model's own number of each layer, where not every layer has attention; else null. */
  layer_numbers?: number[] | null;
  heads: number;
  causal: boolean;
  projections: boolean;
  /** The names of those that it can be shown by. */
  methods: string[];
  /** By method, whose steps paths follow instead of `followed_by`; older files have none. */
  followed?: Record<string, string>;
  /** The methods and views that it cannot be shown with, by name, and in a few words why. */
  lacks: { methods: Record<string, string>; views: Record<string, string> };
  /** The values of `head_colors` that show effects of heads. Files of 0.1.0 have none. */
  head_effects?: string[];
  queries: TokenList;
  keys: TokenList | null;
  /** In a file: what it holds, null where that is nothing. */
  held?: Held | null;
}

/** What of the input can be edited. */
export interface EditAbout {
  /** The text, or the two of a pair; empty where it cannot be edited as a text. */
  texts: string[];
  /** Why it cannot; null where it can. */
  no_text: string | null;
  /** The tokenizer's mask; null where it has none. */
  mask: string | null;
  /** By stream, why the tokens of its keys cannot be replaced; null where they can. */
  refused: Record<string, string | null>;
  /** By stream, the keys that stand for something else than a token. */
  fixed: Record<string, number[]>;
}

/** The description of the trace; the session begins anew with another one. */
export interface About {
  version: 1;
  model: string | null;
  /** What was assumed or left out about the input, in words. Files of 0.1.0 have none. */
  notes?: string[];
  /** Every method, in the order of the menu; the first is the default, which every stream allows. */
  methods: MethodRow[];
  streams: StreamAbout[];
  /** Null where the model predicts no token of the text. Files of 0.1.0 do not have it. */
  spans?: SpanRange | null;
  /** The views that show one run at a time, and of a difference the second. */
  one_run_views?: string[];
  /** Of two traces that are compared: their names. */
  compared?: [before: string, after: string];
  /** What differs in the descriptions of their other runs. */
  runs?: { after: Partial<About>; difference?: Partial<About> };
  /** Both of them can say what their models predict. */
  predicts?: boolean;
  /** The model can run again with attention taken away. Files have no model. */
  can_cut?: boolean;
  /** Null where the model is not there. Files of 0.1.0 do not have it. */
  edit?: EditAbout | null;
  /** Of an input that was edited: what was, in words. */
  edits?: string[];
  /** Counts the descriptions of a widget; the first has none. */
  edition?: number;
  /** In a file: the views that it holds. */
  views?: string[];
}

/** Words for the parts that a file could hold and does not. */
export const NOT_INCLUDED = "not included in this file";

/** The reason why a layer or a head cannot be chosen; null where it can. */
export function lackOf(
  { held }: StreamAbout,
  axis: "layers" | "heads",
  index: number,
): string | null {
  return held && !held[axis].includes(index) ? NOT_INCLUDED : null;
}

/** The reason why a stream cannot be seen in a view; null where it can. */
export function lackOfView({ views }: About, { lacks }: StreamAbout, view: string): string | null {
  if (views && !views.includes(view)) return NOT_INCLUDED;
  return lacks.views[view] ?? null;
}

/** The name of the method whose steps the paths of a stream follow in place of a method. */
export function followedIn({ followed }: StreamAbout, { name, followed_by }: MethodRow): string {
  return followed?.[name] ?? followed_by;
}

export function keysOf(stream: StreamAbout): TokenList {
  return stream.keys ?? stream.queries;
}
