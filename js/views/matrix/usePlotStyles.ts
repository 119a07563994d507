import { useMemo } from "preact/hooks";
import type { Scheme } from "../../draw/palette";
import type { Selection } from "../../state/selection";
import { colorsOf, type Scale, scaleOf } from "../common/scale";
import { longestBar } from "./drawBars";
import type { Section } from "./geometry";
import type { ShownMatrix } from "./useMatrices";
import type { PlotStyle } from "./usePlotDrawing";

/**
 * The style of each matrix.
 *
 * Those with signs share one, so that they compare, and so do those without: a scale for both would
 * give either of them the colours that only the other needs.
 */
export function usePlotStyles(
  matrices: ShownMatrix[],
  section: Section,
  { colormap, scale: kind }: Pick<Selection, "colormap" | "scale">,
  scheme: Scheme,
): PlotStyle[] {
  const scales = useMemo(
    () =>
      bySign(matrices, (alike, isSigned): Scale => {
        const frames = alike.map(({ cells }) => cells.frame);
        return scaleOf(frames, kind, isSigned);
      }),
    [matrices, kind],
  );
  return useMemo(
    () =>
      bySign(matrices, (alike, isSigned, first): PlotStyle => {
        const frames = alike.map(({ cells }) => cells.frame);
        const colors = colorsOf(colormap, scheme, isSigned);
        return {
          colors,
          scale: scales[first] ?? null,
          barTop: longestBar(frames, section),
          scheme,
        };
      }),
    [matrices, scales, section, colormap, scheme],
  );
}

/** What is made of all matrices with signs, or of all without, for each of the matrices. */
function bySign<T>(
  matrices: ShownMatrix[],
  make: (alike: ShownMatrix[], isSigned: boolean, first: number) => T,
): T[] {
  const made = new Map<boolean, T>();
  return matrices.map(({ isSigned }, at) => {
    const known = made.get(isSigned);
    if (known !== undefined) return known;
    const alike = matrices.filter((each) => each.isSigned === isSigned);
    const value = make(alike, isSigned, at);
    made.set(isSigned, value);
    return value;
  });
}
