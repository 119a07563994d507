import { isPerHead } from "../frame/method";
import type { RowsWant, Want } from "../frame/want";
import { keysOf, type StreamAbout } from "./about";
import type { Selection } from "./selection";
import { rowsWant, summaryWant } from "./wants";

/** Frames larger than this on the wire are not fetched before they are asked for. */
const LARGEST_BYTES = 8 * 2 ** 20;
const BYTES_PER_ENTRY = 4;
const LISTED = 64;
const LISTED_IN_FULL = 256;

/** Layers beyond the neighbours are fetched ahead while one costs the kernel this many weights. */
const CHEAP_WEIGHTS = 4 * 2 ** 20;

/**
 * The frames that a reader is likely to ask for next, most likely first.
 *
 * The neighbouring layers with the same heads (the arrow keys) and, where it is cheap, every other
 * layer, nearest first; all heads fused. Of methods that go through all layers only what the chips
 * show.
 */
export function likelyWants(selection: Selection, stream: StreamAbout): Want[] {
  const { layer } = selection;
  const neighbours = [layer + 1, layer - 1].filter((other) => other >= 0 && other < stream.layers);
  const summaries = [layer, ...neighbours].map((other) => summaryWant(stream, other));
  if (!isPerHead(selection.method)) return summaries;
  return [
    summaryWant(stream, layer),
    ...neighbours.map((other) => rowsWant(selection, stream, { layer: other })),
    ...fartherLayers(selection, stream).map((other) =>
      rowsWant(selection, stream, { layer: other }),
    ),
    ...summaries.slice(1),
    rowsWant(selection, stream, { heads: null }),
  ].filter((want) => isLight(want, stream));
}

/** The frames that chips preview once the pointer is on one of them: that head, then the others. */
export function previewWants(selection: Selection, stream: StreamAbout, head: number): Want[] {
  if (!isPerHead(selection.method)) return [];
  const others = Array.from({ length: stream.heads }, (_, other) => other).filter(
    (other) => other !== head && !selection.heads?.includes(other),
  );
  return [[head], others]
    .filter((heads) => heads.length > 0)
    .map((heads) => rowsWant(selection, stream, { heads }))
    .filter((want) => isLight(want, stream));
}

function fartherLayers(selection: Selection, stream: StreamAbout): number[] {
  const { layer, method } = selection;
  if (method !== "attention") return [];
  const weights = stream.heads * stream.queries.text.length * keysOf(stream).text.length;
  const bytes = stream.layers * rowsBytes(rowsWant(selection, stream), stream);
  if (weights > CHEAP_WEIGHTS || bytes > LARGEST_BYTES) return [];
  const distance = (other: number) => Math.abs(other - layer);
  return Array.from({ length: stream.layers }, (_, other) => other)
    .filter((other) => distance(other) > 1)
    .sort((a, b) => distance(a) - distance(b));
}

function isLight(want: Want, stream: StreamAbout): boolean {
  return want.kind !== "rows" || rowsBytes(want, stream) <= LARGEST_BYTES;
}

function rowsBytes({ heads, full }: RowsWant, stream: StreamAbout): number {
  const keys = keysOf(stream).text.length;
  const listed = full || keys <= LISTED_IN_FULL ? keys : LISTED;
  return (heads?.length ?? 1) * stream.queries.text.length * listed * BYTES_PER_ENTRY;
}
