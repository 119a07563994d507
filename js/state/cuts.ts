import { type Cut, placesIn } from "../frame/cut";
import { type About, keysOf, type StreamAbout } from "./about";
import { streamOf } from "./clamp";
import { layerNumber } from "./layers";
import { pinsOn } from "./pins";
import type { Selection } from "./selection";

/** The layers and heads that a cut is to act in, and what takes the place of what it takes away. */
export interface Scope {
  layers: "this" | "all";
  heads: "shown" | "all";
  mode: "renormalise" | "zero";
}

/** A cut that the selection suggests, in words for its button. */
export interface Suggestion {
  name: "line" | "key" | "query" | "head";
  words: string;
  cut: Cut;
}

/** What could be cut: the pinned tokens, the connections between them, the heads on the screen. */
export function suggestions(
  selection: Selection,
  stream: StreamAbout,
  heads: number[] | null,
  scope: Scope,
): Suggestion[] {
  const { layer, tokens_selected } = selection;
  const queries = pinsOn(tokens_selected, "query");
  const keys = pinsOn(tokens_selected, "key");
  const where = {
    stream: stream.name,
    layers: scope.layers === "this" ? [layer] : null,
    heads: scope.heads === "shown" ? heads : null,
  };
  const from = quotedAll(stream.queries.text, queries);
  const to = quotedAll(keysOf(stream).text, keys);
  const found: Suggestion[] = [];
  if (queries.length > 0 && keys.length > 0) {
    const cut = { ...where, queries, keys, mode: scope.mode };
    found.push({ name: "line", words: `${from} → ${to}`, cut });
  }
  if (keys.length > 0) {
    const cut = { ...where, queries: null, keys, mode: scope.mode };
    found.push({ name: "key", words: `${to} as a source`, cut });
  }
  if (queries.length > 0) {
    // Of a whole row nothing is left that could share its weight.
    const cut = { ...where, queries, keys: null, mode: "zero" as const };
    found.push({ name: "query", words: `all that ${from} reads`, cut });
  }
  if (heads !== null) {
    const cut = {
      ...where,
      layers: [layer],
      heads,
      queries: null,
      keys: null,
      mode: "zero" as const,
    };
    found.push({
      name: "head",
      words: `${numbered("head", heads)} of layer ${layerNumber(stream, layer)}`,
      cut,
    });
  }
  return found;
}

/** A cut in words: "‘cat’ as a source, in all layers, head 3; the others share its weight". */
export function cutInWords(cut: Cut, about: About): string {
  const stream = streamOf(about, cut.stream ?? "");
  const of = (places: Cut["keys"], texts: string[]) =>
    quotedAll(texts, [...placesIn(places, texts.length)]);
  const layers = cut.layers === null ? "all layers" : layersOf(cut.layers, stream);
  const heads = cut.heads === null ? "all heads" : numbered("head", cut.heads, stream.heads);
  const name = about.streams.length > 1 ? `${stream.name}: ` : "";
  const keys = keysOf(stream).text;
  const from = cut.queries === null ? null : of(cut.queries, stream.queries.text);
  const to = cut.keys === null ? null : of(cut.keys, keys);
  const way = {
    renormalise: "the rest shares the weight",
    zero: "set to 0",
    mean: "set to the mean",
  };
  if (from === null && to === null) return `${name}${heads}, ${layers}; ${way[cut.mode]}`;
  const what = from && to ? `${from} → ${to}` : to ? `${to} as a source` : `all that ${from} reads`;
  return `${name}${what}, ${heads}, ${layers}; ${way[cut.mode]}`;
}

/** What is cut in one layer of a stream, whole or in part, for the marks in the pictures. */
export interface Marks {
  heads: ReadonlySet<number>;
  queries: ReadonlySet<number>;
  keys: ReadonlySet<number>;
}

/** The tokens that lose all they give or read, and the heads that write nothing, in one layer. */
export function marksIn(cuts: readonly Cut[], stream: StreamAbout, layer: number): Marks {
  const heads = new Set<number>();
  const queries = new Set<number>();
  const keys = new Set<number>();
  for (const cut of cuts) {
    const isHere = (cut.stream ?? stream.name) === stream.name;
    if (!isHere || !placesIn(cut.layers, stream.layers).has(layer)) continue;
    if (cut.queries === null && cut.keys === null) {
      for (const head of placesIn(cut.heads, stream.heads)) heads.add(head);
    } else if (cut.queries === null) {
      for (const key of placesIn(cut.keys, keysOf(stream).text.length)) keys.add(key);
    } else if (cut.keys === null) {
      for (const query of placesIn(cut.queries, stream.queries.text.length)) queries.add(query);
    }
  }
  return { heads, queries, keys };
}

/** Most tokens that are named one by one. */
const MOST_NAMED = 3;

function quotedAll(texts: string[], indices: number[]): string {
  const named = indices.slice(0, MOST_NAMED).map((index) => `‘${(texts[index] ?? "").trim()}’`);
  const more = indices.length - named.length;
  return named.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function layersOf(layers: Cut["layers"], stream: StreamAbout): string {
  const places = [...placesIn(layers, stream.layers)];
  return numbered(
    "layer",
    places.map((layer) => layerNumber(stream, layer)),
  );
}

function numbered(noun: string, places: Cut["heads"], size = Number.POSITIVE_INFINITY): string {
  const indices = Array.isArray(places) ? places : [...placesIn(places, size)];
  return `${noun}${indices.length === 1 ? "" : "s"} ${indices.join(", ")}`;
}
