import { matrix } from "../../attnwidget/shared/limits.json";
import type { Connection, MatrixFrame } from "../frame/matrix";
import type { Precise } from "../frame/precision";
import type { MatrixWant } from "../frame/want";
import { pool } from "./pooling";

const STRONGEST = matrix.strongest;

/** The frame of one matrix, (queries, keys), or of a difference. */
export function matrixFrame(
  values: Float32Array,
  queries: number,
  keys: number,
  want: MatrixWant,
  attendsToItself: boolean,
  precise: Precise,
): MatrixFrame {
  const incoming = new Float32Array(keys);
  const outgoing = new Float32Array(queries);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let query = 0; query < queries; query++) {
    for (let key = 0; key < keys; key++) {
      const value = values[query * keys + key] as number;
      incoming[key] = (incoming[key] as number) + value / queries;
      outgoing[query] = (outgoing[query] as number) + value / keys;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  const pooled = pool(
    values,
    keys,
    want.queries ?? [0, queries],
    want.keys ?? [0, keys],
    want.size,
  );
  return {
    ...{ kind: "matrix", ...pooled, incoming, outgoing, low, high, ...precise },
    critical: strongest(values, keys, attendsToItself),
  };
}

/** The strongest connections, strongest first; not those of a token with itself. */
function strongest(values: Float32Array, keys: number, attendsToItself: boolean): Connection[] {
  const found: Connection[] = [];
  let least = 0;
  values.forEach((value, at) => {
    const magnitude = Math.abs(value);
    if (magnitude <= least) return;
    const [query, key] = [Math.floor(at / keys), at % keys];
    if (attendsToItself && query === key) return;
    let place = found.length;
    while (place > 0 && Math.abs((found[place - 1] as Connection).value) < magnitude) place -= 1;
    found.splice(place, 0, { query, key, value });
    if (found.length > STRONGEST) found.pop();
    if (found.length === STRONGEST) least = Math.abs((found.at(-1) as Connection).value);
  });
  return found;
}
