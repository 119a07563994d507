import type { Method } from "../frame/method";

export interface TokenList {
  text: string[];
  special: number[];
  continues: number[];
  segments: number[];
}

export interface StreamAbout {
  name: string;
  layers: number;
  heads: number;
  causal: boolean;
  projections: boolean;
  /** Those that the trace allows. */
  methods: Method[];
  queries: TokenList;
  keys: TokenList | null;
}

/** What the trace is; never changes during a widget's life. */
export interface About {
  version: 1;
  model: string | null;
  streams: StreamAbout[];
}

export function keysOf(stream: StreamAbout): TokenList {
  return stream.keys ?? stream.queries;
}
