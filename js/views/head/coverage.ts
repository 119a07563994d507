import { head_view } from "../../../attnwidget/shared/limits.json";
import type { RowsFrame } from "../../frame/rows";

/**
 * The fewest of a row's entries, strongest first, that hold a share of its mass: of the sum of the
 * magnitudes, where values have signs.
 *
 * Keys that the row does not list count as mass, so a share may be out of reach; then all its
 * entries with a weight are taken.
 */
export function coveringCount(frame: RowsFrame, row: number, coverage: number): number {
  const start = row * frame.listed;
  const end = start + frame.listed;
  let mass = frame.rest[row] ?? 0;
  for (let at = start; at < end; at++) mass += Math.abs(frame.weights[at] ?? 0);
  const wanted = coverage >= 1 ? Number.POSITIVE_INFINITY : (coverage - head_view.tolerance) * mass;
  let held = 0;
  for (let at = start; at < end; at++) {
    const weight = Math.abs(frame.weights[at] ?? 0);
    if (weight === 0 || held >= wanted) return at - start;
    held += weight;
  }
  return frame.listed;
}
