import { formatNumber } from "../../draw/format";
import { type Scheme, signColor } from "../../draw/palette";
import { type MethodRow, signsOf } from "../../frame/method";

interface Props {
  method: MethodRow;
  /** The largest magnitude that is drawn. */
  top: number;
  scheme: Scheme;
}

/** The meaning of a line's thickness and colour, and the directions of the columns. */
export function Legend({ method, top, scheme }: Props) {
  return (
    <div class="aw-head-header">
      <span class="aw-head-from">from (query)</span>
      <span class="aw-head-to">to (key)</span>
      {method.signed ? (
        <SignScale {...{ method, top, scheme }} />
      ) : (
        <span class="aw-head-scale">
          <span>{method.values} 0</span>
          <Wedge color="currentColor" />
          <span>{formatNumber(top)}</span>
        </span>
      )}
    </div>
  );
}

/** Thickness on both sides of zero. */
function SignScale({ method, top, scheme }: Props) {
  const [raises, lowers] = signsOf(method);
  const number = formatNumber(top);
  return (
    <span class="aw-head-scale">
      <span>
        <span>
          {lowers} −{number}
        </span>
        <Wedge color={signColor(-1, scheme)} isMirrored />
      </span>
      <span class="aw-head-zero">{method.values} 0</span>
      <span>
        <Wedge color={signColor(1, scheme)} />
        <span>
          +{number} {raises}
        </span>
      </span>
    </span>
  );
}

function Wedge({ color, isMirrored = false }: { color: string; isMirrored?: boolean }) {
  return (
    <svg width="56" height="8" viewBox="0 0 56 8" preserveAspectRatio="none" aria-hidden="true">
      <path
        d="M0 3.7 L56 1.6 L56 6.4 L0 4.3 Z"
        fill={color}
        transform={isMirrored ? "matrix(-1 0 0 1 56 0)" : undefined}
      />
    </svg>
  );
}
