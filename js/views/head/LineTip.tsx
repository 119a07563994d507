import { formatWithError } from "../../draw/format";
import { headFill, type Scheme } from "../../draw/palette";
import type { Hover } from "../view";

interface Props {
  link: NonNullable<Hover["link"]>;
  /** "layer 3", "layers 0 to 3 together". */
  layers: string;
  fusion: string;
  queryText: string;
  keyText: string;
  scheme: Scheme;
  x: number;
  y: number;
  /** Width of the box the tip must stay in. */
  room: number;
}

/** The facts of one line: layer, head, both tokens and the weight. */
export function LineTip({ link, layers, fusion, queryText, keyText, scheme, x, y, room }: Props) {
  const side = x > room / 2 ? { right: `${room - x + 14}px` } : { left: `${x + 14}px` };
  return (
    <div class="aw-tip" role="tooltip" style={{ top: `${y + 12}px`, ...side }}>
      <div class="aw-tip-tokens">
        <b>{queryText}</b> <span class="aw-faint">{link.query}</span> → <b>{keyText}</b>{" "}
        <span class="aw-faint">{link.key}</span>
      </div>
      <div class="aw-tip-facts">
        <span class="aw-swatch" style={{ background: headFill(link.head, scheme) }} />
        {layers}, {link.head === null ? `all heads, ${fusion}` : `head ${link.head}`}
        <span class="aw-number">{formatWithError(link.weight, link.error)}</span>
      </div>
    </div>
  );
}
