import { arrayOf, type RawFrame } from "./bytes";

/**
 * Small pictures of every head of a layer: `value = root² · top`, with the sign of `root`.
 *
 * The root is `byte / 255`, or where values have signs `(byte − 128) / 127`.
 */
export interface ThumbnailsFrame {
  kind: "thumbnails";
  heads: number;
  /** Cells from top to bottom: queries, pooled when there are more than was asked for. */
  rows: number;
  /** Cells from left to right: keys. */
  columns: number;
  /** (heads, rows, columns), flat, C order. */
  cells: Uint8Array;
  /** The magnitude that byte 255 stands for. */
  top: number;
  /** Values may be negative. */
  signed: boolean;
}

const [SIGNED_ZERO, SIGNED_STEPS] = [128, 127];

export function decodeThumbnails(raw: RawFrame): ThumbnailsFrame {
  const { shape, values } = arrayOf(raw, "cells", 3);
  const [heads = 0, rows = 0, columns = 0] = shape;
  const { top, signed } = raw.header as { top?: unknown; signed?: boolean };
  if (!(values instanceof Uint8Array)) {
    throw new Error('In a thumbnails frame "cells" are bytes.');
  }
  if (typeof top !== "number" || !Number.isFinite(top)) {
    throw new Error(`A thumbnails frame states its "top" weight; found ${String(top)}.`);
  }
  return { kind: "thumbnails", heads, rows, columns, cells: values, top, signed: signed ?? false };
}

/** The byte of a root from −1 to 1; without signs from 0. */
export function byteOf(root: number, signed: boolean): number {
  return Math.round(signed ? SIGNED_ZERO + SIGNED_STEPS * root : 255 * root);
}

/** The root that a byte stands for. */
export function rootOf(byte: number, signed: boolean): number {
  return signed ? (byte - SIGNED_ZERO) / SIGNED_STEPS : byte / 255;
}

/** One head's cells, row by row; shares the frame's memory. */
export function headCells(frame: ThumbnailsFrame, head: number): Uint8Array {
  const size = frame.rows * frame.columns;
  return frame.cells.subarray(head * size, (head + 1) * size);
}
