import { cssGradient } from "../../draw/colormap";
import { formatCount, formatNumber } from "../../draw/format";
import type { MethodRow } from "../../frame/method";
import type { ThumbnailsFrame } from "../../frame/thumbnails";
import { keysOf, type StreamAbout } from "../../state/about";
import { lineOpacity } from "./drawThumbnail";
import type { Importance } from "./importance";
import type { ThumbnailStyle } from "./thumbnailStyle";

const SAMPLES = [0.05, 0.25, 1];
const INK = "linear-gradient(to right, transparent, currentColor)";

interface LegendProps {
  method: MethodRow;
  style: ThumbnailStyle;
  importance: Importance | null;
  stream: StreamAbout;
  frame: ThumbnailsFrame | undefined;
}

/** A legend of the thumbnails' marks, with their scale. */
export function Legend({ method, style, importance, stream, frame }: LegendProps) {
  const name = method.values;
  const { full } = style;
  return (
    <div class="aw-legend">
      <span>
        {style.kind === "lines"
          ? "left: query, right: key; lines from 10 % of a row’s strongest"
          : "down: query, across: key"}
      </span>
      {style.kind === "lines" ? (
        <span class="aw-legend-lines">
          {name}
          {SAMPLES.map((share) => (
            <span key={share}>
              <i
                style={{
                  background: importance ? "currentColor" : style.color,
                  opacity: lineOpacity(share),
                }}
              />
              {full === 1 ? share : formatNumber(share * full)}
            </span>
          ))}
        </span>
      ) : (
        <span class="aw-legend-scale">
          {name} 0 <i style={{ background: importance ? INK : cssGradient(style.colors) }} />{" "}
          {full === 1 ? 1 : formatNumber(full)}
          <span>(middle: {formatNumber(full / 4)}, square-root scale)</span>
        </span>
      )}
      {importance && (
        <span class="aw-legend-scale">
          ground: importance 0 <i style={{ background: cssGradient(importance.colors) }} />{" "}
          {formatNumber(importance.top)}
        </span>
      )}
      {frame && <span>{poolingNote(frame, stream)}</span>}
    </div>
  );
}

/** Says when a cell stands for more than one pair of tokens. */
export function poolingNote(frame: ThumbnailsFrame, stream: StreamAbout): string {
  const queries = stream.queries.text.length;
  const keys = keysOf(stream).text.length;
  if (frame.rows >= queries && frame.columns >= keys) return "";
  return `${formatCount(queries)} × ${formatCount(keys)} tokens in ${frame.rows} × ${frame.columns} cells: each the largest weight it covers`;
}
