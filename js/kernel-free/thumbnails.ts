import type { ThumbnailsFrame } from "../frame/thumbnails";
import { pool } from "./pooling";
import type { Matrices } from "./scores";

/** Small pictures of heads; `places` says which of `count` they are, the others stay blank. */
export function thumbnailsFrame(
  { queries, keys, values }: Matrices,
  size: number,
  count: number,
  places: number[],
): ThumbnailsFrame {
  const area = queries * keys;
  const pooled = places.map((_, at) =>
    pool(values.subarray(at * area, (at + 1) * area), keys, [0, queries], [0, keys], size),
  );
  const [rows, columns] = [Math.min(size, queries), Math.min(size, keys)];
  let top = 0;
  for (const { cells } of pooled) for (const value of cells) top = Math.max(top, value);
  const cells = new Uint8Array(count * rows * columns);
  places.forEach((place, at) => {
    pooled[at]?.cells.forEach((value, cell) => {
      cells[place * rows * columns + cell] = top > 0 ? Math.round(255 * Math.sqrt(value / top)) : 0;
    });
  });
  return { kind: "thumbnails", heads: count, rows, columns, cells, top };
}
