import { largestError } from "../frame/precision";
import type { Hiding, PairFilter } from "../frame/want";
import { keysOf, type StreamAbout, type TokenList } from "../state/about";
import type { Matrices } from "./scores";

/** The filters of rows, as in the wants; thumbnails have no pair filter. */
type Narrowing = Hiding & { pair_filter?: PairFilter };

const TEXTS: Record<Exclude<PairFilter, "all">, ["a" | "b", "a" | "b"]> = {
  ...{ aa: ["a", "a"], ab: ["a", "b"] },
  ...{ ba: ["b", "a"], bb: ["b", "b"] },
};

/** Matrices as they are shown, and what was hidden of them. */
export interface VisibleMatrices extends Matrices {
  /** Number of keys that are left out. */
  hidden: number;
  /** Mean share of a row's mass on them, one per head. */
  hiddenMass: number[];
  /** (heads, queries): how far off the values of a row may be; see `errorOf`. */
  floors: Float32Array;
  /** What is left of a row is not scaled. */
  unscaled: boolean;
}

/**
 * Hides keys and leaves out what is not in a sentence pair's block, in place.
 *
 * The rest of a row is scaled to the mass that the row had, but for values with signs, which are no
 * shares of it; a block's rows are not scaled.
 */
export function hideKeys(
  matrices: Matrices,
  stream: StreamAbout,
  narrowing: Narrowing,
  unscaled: boolean,
): VisibleMatrices {
  const { heads, queries, keys, values } = matrices;
  const isHidden = hiddenKeys(keysOf(stream), narrowing);
  const hidden = isHidden.filter(Boolean).length;
  const filter = narrowing.pair_filter ?? "all";
  const [from, to] = filter === "all" ? [null, null] : TEXTS[filter];
  const asks = inText(stream.queries, from);
  const answers = inText(keysOf(stream), to);
  const hiddenMass = new Array<number>(heads).fill(0);
  const floors = new Float32Array(heads * queries).fill(matrices.floor);
  if (hidden === 0 && filter === "all")
    return { ...matrices, hidden, hiddenMass, floors, unscaled };
  for (let head = 0; head < heads; head++) {
    let rows = 0;
    for (let query = 0; query < queries; query++) {
      const start = (head * queries + query) * keys;
      const row = values.subarray(start, start + keys);
      const share = hidden > 0 ? hide(row, isHidden, unscaled) : massOf(row) > 0 ? 0 : null;
      if (filter !== "all") {
        for (let key = 0; key < keys; key++) if (!asks(query) || !answers(key)) row[key] = 0;
      }
      if (hidden > 0 && !unscaled) floors[head * queries + query] = floorOf(matrices, share ?? 0);
      if (share === null || !asks(query)) continue;
      rows += 1;
      hiddenMass[head] = (hiddenMass[head] as number) + share;
    }
    if (rows > 0) hiddenMass[head] = (hiddenMass[head] as number) / rows;
  }
  return { ...matrices, hidden, hiddenMass, floors, unscaled };
}

/** The largest errors of the difference of two matrices, row by row. */
export function addErrors(first: VisibleMatrices, second: VisibleMatrices): Float32Array {
  const errorsOf = (shown: VisibleMatrices, row: number) => {
    const start = row * shown.keys;
    const largest = shown.values
      .subarray(start, start + shown.keys)
      .reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return largestError(shown, row, largest);
  };
  return first.floors.map((_, row) => errorsOf(first, row) + errorsOf(second, row));
}

/** The more of a row is hidden, the larger the rest is scaled, and its errors with it. */
function floorOf({ floor, keys }: Matrices, share: number): number {
  return share < 1 ? (floor * (keys + 1)) / (1 - share) : 0;
}

/** The share of the row that was hidden; null for a row without mass. */
function hide(row: Float32Array, isHidden: boolean[], unscaled: boolean): number | null {
  const total = massOf(row);
  for (let key = 0; key < row.length; key++) if (isHidden[key]) row[key] = 0;
  const kept = massOf(row);
  if (kept !== 0 && !unscaled)
    for (let key = 0; key < row.length; key++) row[key] = (row[key] as number) * (total / kept);
  return total === 0 ? null : Math.max(0, 1 - kept / total);
}

function hiddenKeys({ text, special }: TokenList, { hide_special, hide_first }: Hiding): boolean[] {
  const specials = new Set(hide_special ? special : []);
  return text.map((_, key) => specials.has(key) || (hide_first && key === 0));
}

/** A test for tokens of the text of a letter; null stands for both texts. */
function inText({ segments }: TokenList, letter: "a" | "b" | null): (index: number) => boolean {
  if (letter === null) return () => true;
  const segment = letter === "a" ? 0 : 1;
  return (index) => (segments[index] ?? 0) === segment;
}

/** The sum of the magnitudes. */
function massOf(row: Float32Array): number {
  let total = 0;
  for (const value of row) total += Math.abs(value);
  return total;
}
