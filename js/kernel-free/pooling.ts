/** A part of a matrix, from where to where. */
export type Span = readonly [start: number, stop: number];

export interface Pooled {
  rows: number;
  columns: number;
  /** (rows, columns), flat, C order. */
  cells: Float32Array;
}

/**
 * Cells of a part of a matrix, each the value of the largest magnitude that it covers.
 *
 * With n queries and r rows of cells, query i falls into row ⌊i · r / n⌋; keys likewise.
 */
export function pool(
  values: Float32Array,
  keys: number,
  queries: Span,
  across: Span,
  size: number,
): Pooled {
  const [height, width] = [queries[1] - queries[0], across[1] - across[0]];
  const [rows, columns] = [Math.min(size, height), Math.min(size, width)];
  const cells = new Float32Array(rows * columns);
  for (let i = 0; i < height; i++) {
    const row = Math.floor((i * rows) / height) * columns;
    const start = (queries[0] + i) * keys + across[0];
    for (let j = 0; j < width; j++) {
      const cell = row + Math.floor((j * columns) / width);
      const value = values[start + j] as number;
      if (Math.abs(value) > Math.abs(cells[cell] as number)) cells[cell] = value;
    }
  }
  return { rows, columns, cells };
}
