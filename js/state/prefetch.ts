import { methodOf } from "../frame/method";
import { listedKeys } from "../frame/rows";
import type { RowsWant, Want } from "../frame/want";
import { type About, keysOf, type StreamAbout } from "./about";
import type { Selection } from "./selection";
import { rowsWant, summaryWant } from "./wants";

/** Frames larger than this on the wire are not fetched before they are asked for. */
const LARGEST_BYTES = 8 * 2 ** 20;
const BYTES_PER_ENTRY = 4;

/** Layers beyond the neighbours are fetched ahead while one costs the kernel this many weights. */
const CHEAP_WEIGHTS = 4 * 2 ** 20;

/**
 * The frames that a reader is likely to ask for next, most likely first.
 *
 * The neighbouring layers with the same heads (the arrow keys) and, where it is cheap, every other
 * layer, nearest first; all heads fused. Of methods that fuse all heads only what the chips show.
 */
export function likelyWants(about: About, selection: Selection, stream: StreamAbout): Want[] {
  const { layer } = selection;
  const neighbours = [layer + 1, layer - 1].filter((other) => other >= 0 && other < stream.layers);
  const summaries = [layer, ...neighbours].map((other) => summaryWant(stream, other));
  if (!methodOf(about, selection.method).per_head) return summaries;
  return [
    summaryWant(stream, layer),
    ...[...neighbours, ...fartherLayers(about, selection, stream)].map((other) =>
      rowsWant(about, selection, stream, { layer: other }),
    ),
    ...summaries.slice(1),
    rowsWant(about, selection, stream, { heads: null }),
  ].filter((want) => isLight(want, stream));
}

/** The frames that chips preview once the pointer is on one of them: that head, then the others. */
export function previewWants(
  about: About,
  selection: Selection,
  stream: StreamAbout,
  head: number,
): Want[] {
  if (!methodOf(about, selection.method).per_head) return [];
  const others = Array.from({ length: stream.heads }, (_, other) => other).filter(
    (other) => other !== head && !selection.heads?.includes(other),
  );
  return [[head], others]
    .filter((heads) => heads.length > 0)
    .map((heads) => rowsWant(about, selection, stream, { heads }))
    .filter((want) => isLight(want, stream));
}

function fartherLayers(about: About, selection: Selection, stream: StreamAbout): number[] {
  const { layer, method } = selection;
  if (!methodOf(about, method).is_quick) return [];
  const weights = stream.heads * stream.queries.text.length * keysOf(stream).text.length;
  const bytes = stream.layers * rowsBytes(rowsWant(about, selection, stream), stream);
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
  const rows = (heads?.length ?? 1) * stream.queries.text.length;
  return rows * listedKeys(full, keys) * BYTES_PER_ENTRY;
}
