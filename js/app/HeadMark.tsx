import { headColor, headDash, type Scheme } from "../draw/palette";

interface Props {
  head: number;
  scheme: Scheme;
  /** In [0, 1]; undefined while it is not known. */
  entropy: number | undefined;
}

const WIDTH = 14;
const HEIGHT = 12;
const DASH_SCALE = 0.45;

/**
 * A head's colour and line pattern, shaped by its entropy: a focused head has a narrow peak, a
 * diffuse one a broad hill.
 */
export function HeadMark({ head, scheme, entropy }: Props) {
  const color = headColor(head, scheme);
  const dash = headDash(head).map((length) => length * DASH_SCALE);
  const spread = 1.2 + (entropy ?? 0.5) ** 1.5 * 9;
  const peak = entropy === undefined ? HEIGHT / 2 : 1 + entropy * 6.5;
  const points = Array.from({ length: WIDTH + 1 }, (_, x) => {
    const height = (HEIGHT - peak) * Math.exp(-(((x - WIDTH / 2) / spread) ** 2));
    return `${x} ${(HEIGHT - 0.5 - height).toFixed(1)}`;
  });
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <path
        d={`M${points.join(" L")}`}
        fill={dash.length > 0 ? "none" : color}
        fill-opacity="0.35"
        stroke={color}
        stroke-width="1.6"
        stroke-dasharray={dash.length > 0 ? dash.join(" ") : undefined}
      />
    </svg>
  );
}
