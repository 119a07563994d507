import { allSettings, defaultMethod, methodOf, settingsIn } from "../../frame/method";
import type { MatrixWant } from "../../frame/want";
import type { About, StreamAbout } from "../../state/about";
import type { Selection } from "../../state/selection";
import { narrowingOf } from "../../state/wants";
import { countsOf, type Section, tileOf } from "./geometry";

/** Cells a side that are asked for: up to so many tokens every pair has its own. */
export const SIZE = 512;

/** One matrix: the fields in which the two of a comparison may differ. */
export interface MatrixTerm {
  layer: number;
  heads: number[] | null;
  method: string;
}

/** The first matrix, or the only one. */
export function firstTerm(about: About, { layer, heads, method }: Selection): MatrixTerm {
  return { layer, heads: methodOf(about, method).per_head ? heads : null, method };
}

/** The second matrix: unless chosen, the same layer by the method that the first is compared with. */
export function secondTerm(about: About, selection: Selection, stream: StreamAbout): MatrixTerm {
  const chosen = selection.compare_with;
  const method = chosen
    ? (chosen.method ?? selection.method)
    : otherMethod(about, selection, stream);
  const heads = chosen?.head == null ? selection.heads : [chosen.head];
  return {
    layer: chosen?.layer ?? selection.layer,
    heads: methodOf(about, method).per_head ? heads : null,
    method,
  };
}

function otherMethod(about: About, { method }: Selection, stream: StreamAbout): string {
  const { compared_with } = methodOf(about, method);
  return stream.methods.includes(compared_with) ? compared_with : defaultMethod(about).name;
}

/** True where all matrices may have negative values: differences, and those of methods with signs. */
export function hasOnlySigns(about: About, selection: Selection, stream: StreamAbout): boolean {
  const { matrix_mode } = selection;
  if (matrix_mode === "difference") return true;
  const terms = [firstTerm(about, selection)];
  if (matrix_mode === "compare") terms.push(secondTerm(about, selection, stream));
  return terms.every(({ method }) => methodOf(about, method).signed);
}

/** The matrix of a term, with another subtracted if there is one, as far as a section needs it. */
export function matrixWant(
  about: About,
  selection: Selection,
  stream: StreamAbout,
  section: Section,
  term: MatrixTerm,
  minus: MatrixTerm | null,
): MatrixWant {
  const { fusion } = selection;
  const counts = countsOf(stream);
  return {
    kind: "matrix",
    stream: stream.name,
    ...settingsIn(selection, allSettings(about)),
    ...term,
    fusion,
    ...narrowingOf(selection),
    queries: tileOf(section.queries, counts.query, SIZE),
    keys: tileOf(section.keys, counts.key, SIZE),
    size: SIZE,
    minus: minus && { ...minus, fusion },
  };
}
