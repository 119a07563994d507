import type { Span } from "../../draw/curve";
import type { Scheme } from "../../draw/palette";
import type { RowsFrame } from "../../frame/rows";
import { type ColumnLayout, middleOf } from "./layout";

/** All that the drawing depends on, apart from pointer and scroll position. */
export interface Scene {
  frame: RowsFrame;
  /** The frame's heads by number; null stands for all of them fused. */
  heads: (number | null)[];
  queries: ColumnLayout;
  keys: ColumnLayout;
  coverage: number;
  /** Values may be negative: colours tell their signs. */
  isSigned: boolean;
  scheme: Scheme;
}

/** Places in the window that is drawn, in CSS pixels. */
export interface Geometry {
  width: number;
  height: number;
  /** Between the columns. */
  span: Span;
  /** From the column's own heights to those of the window. */
  queryOffset: number;
  keyOffset: number;
}

/** Lines of several heads between the same tokens lie side by side. */
export function laneOf(head: number, heads: number): number {
  return (head - (heads - 1) / 2) * Math.min(2, 10 / heads);
}

export function queryY(scene: Scene, geometry: Geometry, query: number, head: number): number {
  return middleOf(scene.queries, query) + geometry.queryOffset + laneOf(head, scene.heads.length);
}

export function keyY(scene: Scene, geometry: Geometry, key: number, head: number): number {
  return middleOf(scene.keys, key) + geometry.keyOffset + laneOf(head, scene.heads.length);
}
