import { formatWithError } from "../../draw/format";
import { valueInWords } from "../../draw/methodText";
import { headFill, type Scheme, signColor } from "../../draw/palette";
import type { MethodRow } from "../../frame/method";
import type { StreamAbout } from "../../state/about";
import { layersInWords } from "../../state/layers";
import type { Hover } from "../view";

interface Props {
  link: NonNullable<Hover["link"]>;
  method: MethodRow;
  stream: StreamAbout;
  layer: number;
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
export function LineTip(props: Props) {
  const { link, method, stream, layer, fusion, queryText, keyText, scheme, x, y, room } = props;
  const { head, weight, error } = link;
  const side = x > room / 2 ? { right: `${room - x + 14}px` } : { left: `${x + 14}px` };
  return (
    <div class="aw-tip" role="tooltip" style={{ top: `${y + 12}px`, ...side }}>
      <div class="aw-tip-tokens">
        <b>{queryText}</b> <span class="aw-faint">{link.query}</span> → <b>{keyText}</b>{" "}
        <span class="aw-faint">{link.key}</span>
      </div>
      <div class="aw-tip-facts">
        <span
          class="aw-swatch"
          style={{ background: method.signed ? signColor(weight, scheme) : headFill(head, scheme) }}
        />
        {layersInWords(method, stream, layer)},{" "}
        {head === null ? `all heads, ${fusion}` : `head ${head}`}
        <span class="aw-number">
          {valueInWords(method, weight, formatWithError(weight, error))}
        </span>
      </div>
    </div>
  );
}
