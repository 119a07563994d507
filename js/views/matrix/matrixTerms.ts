import { isPerHead, type Method } from "../../frame/method";
import type { MatrixWant } from "../../frame/want";
import type { StreamAbout } from "../../state/about";
import type { Selection } from "../../state/selection";
import { countsOf, type Section, tileOf } from "./geometry";

/** Cells a side that are asked for: up to so many tokens every pair has its own. */
export const SIZE = 512;

/** One matrix: the fields in which the two of a comparison may differ. */
export interface MatrixTerm {
  layer: number;
  heads: number[] | null;
  method: Method;
}

/** The first matrix, or the only one. */
export function firstTerm({ layer, heads, method }: Selection): MatrixTerm {
  return { layer, heads: isPerHead(method) ? heads : null, method };
}

/** The second matrix: unless chosen, the same layer by rollout, or by attention. */
export function secondTerm(selection: Selection, stream: StreamAbout): MatrixTerm {
  const chosen = selection.compare_with;
  const method = chosen ? (chosen.method ?? selection.method) : otherMethod(selection, stream);
  const heads = chosen?.head == null ? selection.heads : [chosen.head];
  return {
    layer: chosen?.layer ?? selection.layer,
    heads: isPerHead(method) ? heads : null,
    method,
  };
}

function otherMethod({ method }: Selection, stream: StreamAbout): Method {
  return method === "attention" && stream.methods.includes("rollout") ? "rollout" : "attention";
}

/** The matrix of a part, with another subtracted if there is one, as far as a section needs it. */
export function matrixWant(
  selection: Selection,
  stream: StreamAbout,
  section: Section,
  part: MatrixTerm,
  minus: MatrixTerm | null,
): MatrixWant {
  const { fusion, discard_ratio, target, hide_special, hide_first, pair_filter } = selection;
  const counts = countsOf(stream);
  return {
    kind: "matrix",
    stream: stream.name,
    ...part,
    ...{ fusion, discard_ratio, target, hide_special, hide_first, pair_filter },
    queries: tileOf(section.queries, counts.query, SIZE),
    keys: tileOf(section.keys, counts.key, SIZE),
    size: SIZE,
    minus: minus && { ...minus, fusion },
  };
}
