import { useMemo } from "preact/hooks";
import { methodOf } from "../../frame/method";
import type { MatrixWant } from "../../frame/want";
import type { About, StreamAbout } from "../../state/about";
import type { Selection } from "../../state/selection";
import type { FrameSource } from "../../state/source";
import { type Framed, useFrame } from "../common/useFrame";
import type { Report } from "../view";
import { coverOf, type Section, wholeOf } from "./geometry";
import type { TitledMatrix } from "./HoverTip";
import { firstTerm, type MatrixTerm, matrixWant, secondTerm } from "./matrixTerms";
import { termInWords } from "./words";

/** A matrix that is there, or was there before. */
export interface ShownMatrix extends TitledMatrix {
  want: MatrixWant;
  /** False while this is an earlier matrix and the one asked for is on its way. */
  isCurrent: boolean;
  /** Its values may be negative. */
  isSigned: boolean;
}

/** The matrices of the selection: one, or two to compare, or one that is a difference. */
export function useMatrices(
  source: FrameSource,
  about: About,
  selection: Selection,
  stream: StreamAbout,
  section: Section,
  report: Report,
): { first: ShownMatrix | null; second: ShownMatrix | null } {
  const mode = selection.matrix_mode;
  const other = mode === "single" ? null : secondTerm(about, selection, stream);
  const one = firstTerm(about, selection);
  const minus = mode === "difference" ? other : null;
  const wantOf = (term: MatrixTerm, subtracted: MatrixTerm | null) =>
    matrixWant(about, selection, stream, section, term, subtracted);
  const first = useFrame(source, wantOf(one, minus), report);
  const second = useFrame(source, mode === "compare" && other ? wantOf(other, null) : null, report);
  return {
    first: useMemo(() => first && shown(about, first, stream), [about, first, stream]),
    second: useMemo(
      () => (second && mode === "compare" ? shown(about, second, stream) : null),
      [about, second, mode, stream],
    ),
  };
}

function shown(
  about: About,
  { frame, want, current }: Framed<MatrixWant>,
  stream: StreamAbout,
): ShownMatrix {
  const { minus, fusion } = want;
  const title = termInWords(about, stream, want, fusion);
  return {
    want,
    isCurrent: current,
    isSigned: minus !== null || methodOf(about, want.method).signed,
    title: minus
      ? `${title}, minus ${termInWords(about, stream, minus, minus.fusion).toLowerCase()}`
      : title,
    cells: { frame, covers: coverOf(want, wholeOf(stream)) },
  };
}
