/** Attention that is taken away; null is all of an axis. See docs/cuts.md. */
export interface Cut {
  stream: string | null;
  layers: Places;
  heads: Places;
  queries: Places;
  keys: Places;
  mode: "renormalise" | "zero" | "mean";
}

/** Some of an axis: indices, or a slice as Python writes it; null for all. */
export type Places =
  | number[]
  | { start: number | null; stop: number | null; step: number | null }
  | null;

/** Two lists of cuts have one key exactly when they take the same away in the same words. */
export function cutsKey(cuts: readonly Cut[]): string {
  return JSON.stringify(
    cuts.map(({ stream, layers, heads, queries, keys, mode }) => [
      ...[stream, layers, heads, queries, keys, mode],
    ]),
  );
}

/** The indices that are chosen among `size`, negative ones counted from the end. */
export function placesIn(places: Places, size: number): Set<number> {
  if (places === null) return new Set(Array.from({ length: size }, (_, index) => index));
  if (Array.isArray(places)) {
    return new Set(places.map((index) => (index < 0 ? index + size : index)));
  }
  const step = places.step ?? 1;
  const from = (index: number | null, otherwise: number) =>
    index === null ? otherwise : index < 0 ? Math.max(0, index + size) : Math.min(index, size);
  const found = new Set<number>();
  if (step > 0) {
    const stop = from(places.stop, size);
    for (let index = from(places.start, 0); index < stop; index += step) found.add(index);
  }
  return found;
}
