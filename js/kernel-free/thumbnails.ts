import { byteOf, type ThumbnailsFrame } from "../frame/thumbnails";
import { pool } from "./pooling";
import type { Matrices } from "./scores";

/** Small pictures of heads; `places` says which of `count` they are, the others stay blank. */
export function thumbnailsFrame(
  { queries, keys, values }: Matrices,
  size: number,
  count: number,
  places: number[],
  signed: boolean,
): ThumbnailsFrame {
  const area = queries * keys;
  const pooled = places.map((_, at) =>
    pool(values.subarray(at * area, (at + 1) * area), keys, [0, queries], [0, keys], size),
  );
  const [rows, columns] = [Math.min(size, queries), Math.min(size, keys)];
  let top = 0;
  for (const { cells } of pooled) for (const value of cells) top = Math.max(top, Math.abs(value));
  const cells = new Uint8Array(count * rows * columns).fill(byteOf(0, signed));
  places.forEach((place, at) => {
    pooled[at]?.cells.forEach((value, cell) => {
      const root = top > 0 ? Math.sign(value) * Math.sqrt(Math.abs(value) / top) : 0;
      cells[place * rows * columns + cell] = byteOf(root, signed);
    });
  });
  return { kind: "thumbnails", heads: count, rows, columns, cells, top, signed };
}
