import { cssGradient } from "../../draw/colormap";
import { formatCount, formatNumber } from "../../draw/format";
import { largestInWords } from "../../draw/methodText";
import { type MethodRow, signsOf } from "../../frame/method";
import type { ThumbnailsFrame } from "../../frame/thumbnails";
import { keysOf, type StreamAbout } from "../../state/about";
import { lineOpacity } from "./drawThumbnail";
import { type Importance, strongestHeads } from "./importance";
import type { ThumbnailStyle } from "./thumbnailStyle";

const SAMPLES = [0.05, 0.25, 1];
const STRONGEST = 3;
const INK = "linear-gradient(to right, transparent, currentColor)";

interface LegendProps {
  method: MethodRow;
  style: ThumbnailStyle;
  importance: Importance | null;
  /** The values that colour would tell, if it did not tell signs. */
  uncoloured: string | null;
  stream: StreamAbout;
  frame: ThumbnailsFrame | undefined;
}

/** A legend of the thumbnails' marks, with their scale. */
export function Legend({ method, style, importance, uncoloured, stream, frame }: LegendProps) {
  const strongest = importance?.isSigned ? strongestHeads(importance, stream, STRONGEST) : [];
  return (
    <div class="aw-legend">
      <span>
        {style.kind === "lines"
          ? "left: query, right: key; lines from 10 % of a row’s strongest"
          : "down: query, across: key"}
      </span>
      <Scale {...{ method, style, hasGround: importance !== null }} />
      {importance && (
        <span class="aw-legend-scale">
          {importance.before} <i style={{ background: cssGradient(importance.colors) }} />{" "}
          {importance.after}
        </span>
      )}
      {strongest.length > 0 && <span>strongest: {strongest.join(", ")}</span>}
      {uncoloured && <span>{uncoloured} not shown: colour tells the sign</span>}
      {frame && <span>{poolingNote(frame, stream, method)}</span>}
    </div>
  );
}

interface ScaleProps {
  method: MethodRow;
  style: ThumbnailStyle;
  hasGround: boolean;
}

/** Values and how they look. */
function Scale({ method, style, hasGround }: ScaleProps) {
  const { full } = style;
  const end = full === 1 ? "1" : formatNumber(full);
  const [raises, lowers] = signsOf(method);
  if (style.kind === "lines") {
    return method.signed ? (
      <span class="aw-legend-lines">
        {method.values}
        <Sample color={style.colors.negative} words={`−${end} ${lowers}`} />
        <Sample color={style.colors.positive} words={`+${end} ${raises}`} />
        <span>fainter: weaker</span>
      </span>
    ) : (
      <span class="aw-legend-lines">
        {method.values}
        {SAMPLES.map((share) => (
          <Sample
            key={share}
            color={hasGround ? "currentColor" : style.colors.positive}
            opacity={lineOpacity(share)}
            words={full === 1 ? `${share}` : formatNumber(share * full)}
          />
        ))}
      </span>
    );
  }
  const background = hasGround ? INK : cssGradient(style.colors);
  return (
    <span class="aw-legend-scale">
      {method.signed ? `${lowers} −${end}` : `${method.values} 0`} <i style={{ background }} />{" "}
      {method.signed ? `+${end} ${raises}` : end}
      <span>
        ({method.signed ? "halfway: ±" : "middle: "}
        {formatNumber(full / 4)}, square-root scale)
      </span>
    </span>
  );
}

function Sample({ color, opacity = 1, words }: { color: string; opacity?: number; words: string }) {
  return (
    <span>
      <i style={{ background: color, opacity }} />
      {words}
    </span>
  );
}

/** Says when a cell stands for more than one pair of tokens. */
export function poolingNote(
  frame: ThumbnailsFrame,
  stream: StreamAbout,
  method: MethodRow,
): string {
  const queries = stream.queries.text.length;
  const keys = keysOf(stream).text.length;
  if (frame.rows >= queries && frame.columns >= keys) return "";
  return `${formatCount(queries)} × ${formatCount(keys)} tokens in ${frame.rows} × ${frame.columns} cells: each ${largestInWords(method)} it covers`;
}
