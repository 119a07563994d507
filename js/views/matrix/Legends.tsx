import { capital } from "../../draw/methodText";
import { methodOf, signsOf } from "../../frame/method";
import type { About } from "../../state/about";
import { ColorBar } from "../common/ColorBar";
import type { ShownMatrix } from "./useMatrices";
import type { PlotStyle } from "./usePlotDrawing";

interface Props {
  about: About;
  matrices: ShownMatrix[];
  /** One for each matrix; several matrices may share one. */
  styles: PlotStyle[];
  /** Shown until there is a matrix. */
  blank: PlotStyle;
  isCausal: boolean;
}

/** A legend for each style, with the name of its matrices where there are several. */
export function Legends({ about, matrices, styles, blank, isCausal }: Props) {
  const different = styles.length > 0 ? [...new Set(styles)] : [blank];
  return (
    <>
      {different.map(({ colors, scale }, at) => {
        const alike = matrices.filter((_, place) => styles[place] === different[at]);
        const methods = [...new Set(alike.map(({ want }) => methodOf(about, want.method)))];
        const [only, ...others] = methods;
        const isDifference = alike.some(({ want }) => want.minus !== null);
        const signs = only?.signed && others.length === 0 && !isDifference ? signsOf(only) : null;
        const name = different.length > 1 ? methods.map(({ title }) => title).join(", ") : "";
        return (
          <ColorBar
            key={at}
            {...{ colors, scale, isCausal, isDifference, signs }}
            name={capital(name)}
          />
        );
      })}
    </>
  );
}
