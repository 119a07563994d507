import { file_scores } from "../../attnwidget/shared/limits.json";
import { arrayOf, type RawFrame } from "../frame/bytes";
import { type Fusion, type Methods, methodOf } from "../frame/method";
import { RELATIVE } from "../frame/precision";
import { type ScoresWant, scoresKey } from "../frame/want";

/** Values are good to a share of themselves down to `FLOOR` of the largest. */
const { levels: LEVELS, fine: FINE, floor: FLOOR } = file_scores;

/** Matrices of one layer, (heads, queries, keys), flat, C order. */
export interface Matrices {
  heads: number;
  queries: number;
  keys: number;
  values: Float32Array;
  /** The largest error of a value, beyond `RELATIVE` of itself. */
  floor: number;
}

/** The scores that a file holds, by layer and method. */
export class Scores {
  readonly #frames = new Map<string, RawFrame>();
  readonly #methods: Methods;
  #last: { key: string; matrices: Matrices } | undefined;

  constructor(methods: Methods) {
    this.#methods = methods;
  }

  add(raw: RawFrame): void {
    this.#frames.set(this.#keyOf(raw.header.want as ScoresWant), raw);
  }

  /** The heads that are held one by one. */
  headsOf(want: ScoresWant): number[] | null {
    const raw = this.#frames.get(this.#keyOf({ ...want, heads: [0] }));
    return raw ? ((raw.header.want as ScoresWant).heads ?? null) : null;
  }

  /**
   * The matrices of the heads that are named, or of all of them fused; undefined: not held.
   *
   * They are the caller's own to change.
   */
  get(want: ScoresWant, heads: number): Matrices | undefined {
    const fused = this.#frames.get(this.#keyOf({ ...want, heads: null }));
    if (want.heads === null && fused) return copyOf(this.#values(fused));
    const raw = this.#frames.get(this.#keyOf({ ...want, heads: [0] }));
    const held = raw && (raw.header.want as ScoresWant).heads;
    if (!held) return undefined;
    const asked = want.heads ?? Array.from({ length: heads }, (_, head) => head);
    if (!asked.every((head) => held.includes(head))) return undefined;
    const all = this.#values(raw);
    if (want.heads === null && all.heads === heads) return fuse(all, want.fusion);
    const some = pick(
      all,
      asked.map((head) => held.indexOf(head)),
    );
    return want.heads === null ? fuse(some, want.fusion) : some;
  }

  /** One matrix: heads that are named are fused, too. */
  getFused(want: ScoresWant, heads: number): Matrices | undefined {
    const found = this.get(want, heads);
    return found && (found.heads > 1 ? fuse(found, want.fusion) : found);
  }

  /** The last layer is kept, because its heads are asked for one after the other. */
  #values(raw: RawFrame): Matrices {
    const key = this.#keyOf(raw.header.want as ScoresWant);
    if (this.#last?.key !== key) this.#last = { key, matrices: valuesOf(raw) };
    return this.#last.matrices;
  }

  /** Heads one by one have one key, whichever they are. */
  #keyOf(want: ScoresWant): string {
    const isFused = want.heads === null || !methodOf(this.#methods, want.method).per_head;
    const { stream, layer } = want;
    return JSON.stringify([stream, layer, isFused, ...scoresKey(this.#methods, want, isFused)]);
  }
}

function valuesOf(raw: RawFrame): Matrices {
  const { shape, values: coarse } = arrayOf(raw, "coarse", 3);
  const { values: fine } = arrayOf(raw, "fine", 3);
  const [heads = 0, queries = 0, keys = 0] = shape;
  const { low, high } = raw.header as { low: number; high: number };
  // Negative values have the codes below that of zero, and the coarse byte has twice as fine steps.
  const isSigned = low < 0;
  const [zero, steps] = isSigned ? [LEVELS + 1, 2 * FINE] : [0, FINE];
  const table = Float32Array.from({ length: zero + LEVELS + 1 }, (_, code) =>
    scoreOf(code - zero, high),
  );
  const values = new Float32Array(coarse.length);
  for (let i = 0; i < values.length; i++) {
    values[i] = table[(coarse[i] as number) * steps + (fine[i] as number)] as number;
  }
  return { heads, queries, keys, values, floor: RELATIVE * FLOOR * high };
}

/** The value of a code, with its sign; see frames/files/scores.py. */
function scoreOf(code: number, high: number): number {
  return high * FLOOR * Math.sinh((Math.asinh(1 / FLOOR) * code) / LEVELS);
}

function copyOf(matrices: Matrices): Matrices {
  return { ...matrices, values: matrices.values.slice() };
}

function pick({ queries, keys, values, floor }: Matrices, places: number[]): Matrices {
  const size = queries * keys;
  const chosen = new Float32Array(places.length * size);
  places.forEach((place, at) => {
    chosen.set(values.subarray(place * size, (place + 1) * size), at * size);
  });
  return { heads: places.length, queries, keys, values: chosen, floor };
}

/** Joins values from a place on to those that there are; a loop each, because they are millions. */
const JOIN: Record<Fusion, (fused: Float32Array, values: Float32Array, start: number) => void> = {
  mean: (fused, values, start) => {
    for (let i = 0; i < fused.length; i++) {
      fused[i] = (fused[i] as number) + (values[start + i] as number);
    }
  },
  max: (fused, values, start) => {
    for (let i = 0; i < fused.length; i++) {
      fused[i] = Math.max(fused[i] as number, values[start + i] as number);
    }
  },
  min: (fused, values, start) => {
    for (let i = 0; i < fused.length; i++) {
      fused[i] = Math.min(fused[i] as number, values[start + i] as number);
    }
  },
};

/** All heads as one. */
export function fuse({ heads, queries, keys, values, floor }: Matrices, fusion: Fusion): Matrices {
  const size = queries * keys;
  const fused = values.slice(0, size);
  const join = JOIN[fusion];
  for (let head = 1; head < heads; head++) join(fused, values, head * size);
  if (fusion !== "mean") return { heads: 1, queries, keys, values: fused, floor };
  for (let i = 0; i < size; i++) fused[i] = (fused[i] as number) / heads;
  const lost = RELATIVE * mostCancelled(values, fused, heads);
  return { heads: 1, queries, keys, values: fused, floor: floor + lost };
}

/** The most by which a mean is smaller than the mean of magnitudes, whose errors it has. */
function mostCancelled(values: Float32Array, means: Float32Array, heads: number): number {
  let most = 0;
  for (let i = 0; i < means.length; i++) {
    let mass = 0;
    for (let at = i; at < values.length; at += means.length) mass += Math.abs(values[at] as number);
    most = Math.max(most, mass / heads - Math.abs(means[i] as number));
  }
  return most;
}
