import { arrayOf, type RawFrame } from "./bytes";

/** Small pictures of every head of a layer; `value = (byte / 255)² * top`. */
export interface ThumbnailsFrame {
  kind: "thumbnails";
  heads: number;
  /** Cells from top to bottom: queries, pooled when there are more than was asked for. */
  rows: number;
  /** Cells from left to right: keys. */
  columns: number;
  /** (heads, rows, columns), flat, C order. */
  cells: Uint8Array;
  /** The weight that byte 255 stands for. */
  top: number;
}

export function decodeThumbnails(raw: RawFrame): ThumbnailsFrame {
  const { shape, values } = arrayOf(raw, "cells", 3);
  const [heads = 0, rows = 0, columns = 0] = shape;
  const { top } = raw.header as { top?: unknown };
  if (!(values instanceof Uint8Array)) {
    throw new Error('In a thumbnails frame "cells" are bytes.');
  }
  if (typeof top !== "number" || !Number.isFinite(top)) {
    throw new Error(`A thumbnails frame states its "top" weight; found ${String(top)}.`);
  }
  return { kind: "thumbnails", heads, rows, columns, cells: values, top };
}

/** One head's cells, row by row; shares the frame's memory. */
export function headCells(frame: ThumbnailsFrame, head: number): Uint8Array {
  const size = frame.rows * frame.columns;
  return frame.cells.subarray(head * size, (head + 1) * size);
}
