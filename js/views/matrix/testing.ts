import type { MatrixFrame } from "../../frame/matrix";

/** A matrix frame for tests, whose figures follow from its cells. */
export function matrixOf(rows: number, columns: number, cells: Float32Array): MatrixFrame {
  const incoming = new Float32Array(columns);
  const outgoing = new Float32Array(rows);
  const critical = [...cells].map((value, at) => {
    const [query, key] = [Math.floor(at / columns), at % columns];
    incoming[key] = (incoming[key] as number) + value / rows;
    outgoing[query] = (outgoing[query] as number) + value / columns;
    return { query, key, value };
  });
  return {
    ...{ kind: "matrix", rows, columns, cells, incoming, outgoing },
    critical: critical
      .filter(({ query, key }) => query !== key)
      .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
      .slice(0, 20),
    low: Math.min(...cells),
    high: Math.max(...cells),
  };
}
