import type { MethodRow } from "../frame/method";
import { listedKeys, type RowsFrame } from "../frame/rows";
import type { RowsWant } from "../frame/want";
import type { VisibleMatrices } from "./hideKeys";

/** Keys by falling magnitude of their weight, equal ones by rising index. */
export function rowsFrame(
  shown: VisibleMatrices,
  want: Pick<RowsWant, "full">,
  fullScale: MethodRow["full_scale"],
): RowsFrame {
  const { heads, queries, keys, values } = shown;
  const listed = listedKeys(want.full, keys);
  const count = heads * queries;
  const indices = new Uint32Array(count * listed);
  const weights = new Float32Array(count * listed);
  const rest = new Float32Array(count);
  const received = new Float32Array(heads * keys);
  const attending = new Float32Array(heads);
  const order = new KeyOrder(keys);
  let top = 0;
  for (let at = 0; at < count; at++) {
    const head = Math.floor(at / queries);
    const row = values.subarray(at * keys, (at + 1) * keys);
    const byWeight = order.of(row);
    for (let place = 0; place < keys; place++) {
      const key = byWeight[place] as number;
      const weight = row[key] as number;
      received[head * keys + key] = (received[head * keys + key] as number) + weight;
      if (place < listed) {
        indices[at * listed + place] = key;
        weights[at * listed + place] = weight;
      } else rest[at] = (rest[at] as number) + Math.abs(weight);
    }
    const strongest = Math.abs(row[byWeight[0] as number] as number);
    top = Math.max(top, strongest);
    if (strongest !== 0) attending[head] = (attending[head] as number) + 1;
  }
  for (let i = 0; i < received.length; i++) {
    const rows = attending[Math.floor(i / keys)] as number;
    received[i] = (received[i] as number) / Math.max(1, rows);
  }
  return {
    ...{ kind: "rows", heads, queries, listed, indices, weights, rest, received },
    scale: fullScale ?? (top || 1),
    ...{ hidden: shown.hidden, hiddenMass: shown.hiddenMass, floors: shown.floors },
    unscaled: shown.unscaled,
  };
}

/** Sorts keys by packing magnitude and index into one number, which browsers sort fast. */
class KeyOrder {
  readonly #packed: Float64Array;
  readonly #bits: Uint32Array;
  readonly #weights: Float32Array;
  readonly #order: Uint32Array;
  /** Above every index: the weight's 31 bits and the index fit a double's 53 up to 4 M keys. */
  readonly #base: number;

  constructor(keys: number) {
    this.#packed = new Float64Array(keys);
    this.#weights = new Float32Array(1);
    this.#bits = new Uint32Array(this.#weights.buffer);
    this.#order = new Uint32Array(keys);
    this.#base = 2 ** Math.ceil(Math.log2(keys + 1));
  }

  of(row: Float32Array): Uint32Array {
    const base = this.#base;
    for (let key = 0; key < row.length; key++) {
      // The bits of floats that are not negative are in the floats' own order.
      this.#weights[0] = Math.abs(row[key] as number);
      this.#packed[key] = (this.#bits[0] as number) * base + (base - 1 - key);
    }
    this.#packed.sort();
    for (let place = 0; place < row.length; place++) {
      const packed = this.#packed[row.length - 1 - place] as number;
      this.#order[place] = base - 1 - (packed % base);
    }
    return this.#order;
  }
}
