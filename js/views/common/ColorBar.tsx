import { type ColorTable, cssGradient } from "../../draw/colormap";
import { formatNumber } from "../../draw/format";
import { type Scale, ticksOf } from "./scale";

interface Props {
  colors: ColorTable;
  /** Null until there is a matrix. */
  scale: Scale | null;
  isCausal: boolean;
  /** One matrix is subtracted from another. */
  isDifference?: boolean;
  /** The name of what is drawn so, where there is more than one legend. */
  name?: string;
  /** What values above zero and below do, where they have signs. */
  signs?: [raises: string, lowers: string] | null;
}

/** The values of the colours, and the kind of their scale. */
export function ColorBar({ colors, scale, isCausal, isDifference = false, name, signs }: Props) {
  return (
    <div class="aw-colorbar">
      <div class="aw-colorbar-scale" data-signed={scale?.isSigned || undefined}>
        <i style={{ background: cssGradient(colors) }} />
        <div class="aw-number">
          {scale && ticksOf(scale).map((value, at) => <span key={at}>{formatNumber(value)}</span>)}
        </div>
      </div>
      {scale && (
        <span class="aw-faint">
          {name && `${name}: `}
          {signs && `+ (blue) ${signs[0]}, − (orange) ${signs[1]}; `}
          {isDifference && "first minus second, "}
          {scaleInWords(scale)}
          {isCausal && "; blank: masked"}
        </span>
      )}
    </div>
  );
}

function scaleInWords({ isSigned, isLinear, isExceeded }: Scale): string {
  if (!isLinear) return "fitted to the values, by their square root";
  const beyond = isExceeded ? "; values beyond have the last colour" : "";
  return `${isSigned ? "−1 to 1" : "0 to 1"}, linear${beyond}`;
}
