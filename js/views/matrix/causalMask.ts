/** Cells of a matrix: `rows` and `columns` of it, the first ones being those of `row` and `column`. */
interface Grid {
  row: number;
  column: number;
  rows: number;
  columns: number;
  width: number;
  height: number;
}

/** Leaves paper where the key is later than the query: the mask of a causal model forbids it. */
export function clearMasked(
  context: CanvasRenderingContext2D,
  { row, column, rows, columns, width, height }: Grid,
): void {
  context.globalCompositeOperation = "destination-out";
  for (let at = 0; at < rows; at++) {
    // Whole pixels: parts of them would leave seams.
    const left = Math.round(((row + at + 1 - column) / columns) * width);
    const top = Math.round((at / rows) * height);
    const bottom = Math.round(((at + 1) / rows) * height);
    if (left < width) context.fillRect(Math.max(0, left), top, width, bottom - top);
  }
  context.globalCompositeOperation = "source-over";
}
