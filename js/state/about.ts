import type { Fusion, MethodRow, MethodWant } from "../frame/method";

export interface TokenList {
  text: string[];
  special: number[];
  continues: number[];
  segments: number[];
}

/** The contents of a file, of one stream; a kernel has everything. */
export interface Held {
  layers: number[];
  heads: number[];
  /** With the settings that they are held with. */
  methods: (MethodWant & { fusion: Fusion })[];
}

export interface StreamAbout {
  name: string;
  layers: number;
  heads: number;
  causal: boolean;
  projections: boolean;
  /** The names of the methods that it can be shown by. */
  methods: string[];
  /** The methods and views that it cannot be shown with, and in a few words why. */
  lacks: { methods: Record<string, string>; views: Record<string, string> };
  queries: TokenList;
  keys: TokenList | null;
  /** In a file: what it holds, null where that is nothing. */
  held?: Held | null;
}

/** The description of the trace; never changes during a widget's life. */
export interface About {
  version: 1;
  model: string | null;
  /** Every method, in the order of the menu; the first is the default, which every stream allows. */
  methods: MethodRow[];
  streams: StreamAbout[];
  /** In a file: the views that it holds. */
  views?: string[];
}

/** Said of what a file could hold and does not. */
export const NOT_INCLUDED = "not included in this file";

/** Why a place on an axis cannot be chosen; null where it can. */
export function lackOf(
  { held }: StreamAbout,
  axis: "layers" | "heads",
  index: number,
): string | null {
  return held && !held[axis].includes(index) ? NOT_INCLUDED : null;
}

/** Why a stream cannot be seen in a view; null where it can. */
export function lackOfView({ views }: About, { lacks }: StreamAbout, view: string): string | null {
  if (views && !views.includes(view)) return NOT_INCLUDED;
  return lacks.views[view] ?? null;
}

export function keysOf(stream: StreamAbout): TokenList {
  return stream.keys ?? stream.queries;
}
