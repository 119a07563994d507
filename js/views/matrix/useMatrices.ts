import { useMemo } from "preact/hooks";
import type { MatrixWant } from "../../frame/want";
import type { StreamAbout } from "../../state/about";
import type { Selection } from "../../state/selection";
import type { FrameSource } from "../../state/source";
import { type Framed, useFrame } from "../common/useFrame";
import type { Report } from "../view";
import { coverOf, type Section, wholeOf } from "./geometry";
import type { TitledMatrix } from "./HoverTip";
import { firstTerm, matrixWant, secondTerm } from "./matrixTerms";
import { termInWords } from "./words";

/** A matrix that is there, or was there before. */
export interface ShownMatrix extends TitledMatrix {
  want: MatrixWant;
  /** False while this is an earlier matrix and the one asked for is on its way. */
  isCurrent: boolean;
}

/** The matrices of the selection: one, or two to compare, or one that is a difference. */
export function useMatrices(
  source: FrameSource,
  selection: Selection,
  stream: StreamAbout,
  section: Section,
  report: Report,
): { first: ShownMatrix | null; second: ShownMatrix | null } {
  const mode = selection.matrix_mode;
  const other = mode === "single" ? null : secondTerm(selection, stream);
  const one = firstTerm(selection);
  const minus = mode === "difference" ? other : null;
  const first = useFrame(source, matrixWant(selection, stream, section, one, minus), report);
  const second = useFrame(
    source,
    mode === "compare" && other ? matrixWant(selection, stream, section, other, null) : null,
    report,
  );
  return {
    first: useMemo(() => first && shown(first, stream), [first, stream]),
    second: useMemo(
      () => (second && mode === "compare" ? shown(second, stream) : null),
      [second, mode, stream],
    ),
  };
}

function shown({ frame, want, current }: Framed<MatrixWant>, stream: StreamAbout): ShownMatrix {
  const { minus, fusion } = want;
  const title = termInWords(want, fusion);
  return {
    want,
    isCurrent: current,
    title: minus ? `${title}, minus ${termInWords(minus, minus.fusion).toLowerCase()}` : title,
    cells: { frame, covers: coverOf(want, wholeOf(stream)) },
  };
}
