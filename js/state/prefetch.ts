import type { Want } from "../frame/want";
import { keysOf, type StreamAbout } from "./about";
import type { Selection } from "./selection";
import { rowsWant, summaryWant } from "./wants";

/** Frames larger than this on the wire are not fetched before they are asked for. */
const LARGEST_BYTES = 8 * 2 ** 20;
const BYTES_PER_ENTRY = 4;
const LISTED = 64;
const LISTED_IN_FULL = 256;

/**
 * What a reader is likely to ask for next, most likely first.
 *
 * The neighbouring layers with the same heads (the arrow keys), the other heads of this layer (the
 * chips preview them), and all heads fused.
 */
export function likelyWants(selection: Selection, stream: StreamAbout): Want[] {
  const { layer } = selection;
  const neighbours = [layer + 1, layer - 1].filter((other) => other >= 0 && other < stream.layers);
  const others = Array.from({ length: stream.heads }, (_, head) => head).filter(
    (head) => !selection.heads?.includes(head),
  );
  return [
    summaryWant(stream, layer),
    ...neighbours.map((other) => rowsWant(selection, stream, { layer: other })),
    rowsWant(selection, stream, { heads: others }),
    ...neighbours.map((other) => summaryWant(stream, other)),
    rowsWant(selection, stream, { heads: null }),
  ].filter(
    (want) => want.kind !== "rows" || (want.heads?.length !== 0 && isSmall(want.heads, stream)),
  );
}

function isSmall(heads: number[] | null, stream: StreamAbout): boolean {
  const keys = keysOf(stream).text.length;
  const listed = keys > LISTED_IN_FULL ? LISTED : keys;
  const entries = (heads?.length ?? 1) * stream.queries.text.length * listed;
  return entries * BYTES_PER_ENTRY <= LARGEST_BYTES;
}
