import { useMemo } from "preact/hooks";
import type { MatrixWant } from "../../frame/want";
import type { About, StreamAbout } from "../../state/about";
import type { Selection } from "../../state/selection";
import type { FrameSource } from "../../state/source";
import { type Framed, useFrame } from "../common/useFrame";
import type { Report } from "../view";
import { coverOf } from "./cells";
import type { Section } from "./geometry";
import type { Named } from "./HoverTip";
import { countsOf, firstPart, matrixWant, type Part, secondPart } from "./matrixTerms";
import { partInWords } from "./words";

/** A matrix that is there, or was there before. */
export interface Shown extends Named {
  want: MatrixWant;
  /** False while this is an earlier matrix and the one asked for is on its way. */
  isCurrent: boolean;
}

/** The matrices of the selection: one, or two to compare, or one that is a difference. */
export function useMatrices(
  source: FrameSource,
  about: About,
  selection: Selection,
  stream: StreamAbout,
  section: Section,
  report: Report,
): { first: Shown | null; second: Shown | null } {
  const mode = selection.matrix_mode;
  const other = mode === "single" ? null : secondPart(about, selection, stream);
  const one = firstPart(about, selection);
  const minus = mode === "difference" ? other : null;
  const wantOf = (part: Part, subtracted: Part | null) =>
    matrixWant(about, selection, stream, section, part, subtracted);
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

export function wholeOf(stream: StreamAbout): Section {
  const counts = countsOf(stream);
  return { queries: [0, counts.query], keys: [0, counts.key] };
}

function shown(
  about: About,
  { frame, want, current }: Framed<MatrixWant>,
  stream: StreamAbout,
): Shown {
  const { minus, fusion } = want;
  const title = partInWords(about, want, fusion);
  return {
    want,
    isCurrent: current,
    title: minus
      ? `${title}, minus ${partInWords(about, minus, minus.fusion).toLowerCase()}`
      : title,
    cells: { frame, covers: coverOf(want, wholeOf(stream)) },
  };
}
