import type { TokenFrame } from "../frame/token";
import type { TokenWant } from "../frame/want";
import type { VisibleMatrices } from "./hideKeys";

/** The row or the column of one token, of a single matrix. */
export function tokenFrame(
  { queries, keys, values, hidden, hiddenMass, floors, unscaled }: VisibleMatrices,
  { side, index }: Pick<TokenWant, "side" | "index">,
): TokenFrame {
  const isRow = side === "query";
  const found = isRow
    ? values.slice(index * keys, (index + 1) * keys)
    : Float32Array.from({ length: queries }, (_, query) => values[query * keys + index] as number);
  return {
    ...{ kind: "token", values: found, hidden, hiddenMass: hiddenMass[0] ?? 0 },
    ...{ floors: isRow ? floors.slice(index, index + 1) : floors, unscaled },
  };
}
