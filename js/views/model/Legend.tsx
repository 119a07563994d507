import { cssGradient } from "../../draw/colormap";
import { formatCount } from "../../draw/format";
import type { ThumbnailsFrame } from "../../frame/thumbnails";
import { keysOf, type StreamAbout } from "../../state/about";
import { lineOpacity } from "./drawThumbnail";
import type { ThumbnailStyle } from "./thumbnailStyle";

const SAMPLES = [0.05, 0.25, 1];

interface LegendProps {
  style: ThumbnailStyle;
  stream: StreamAbout;
  frame: ThumbnailsFrame | undefined;
}

/** What the thumbnails' marks mean, with their scale. */
export function Legend({ style, stream, frame }: LegendProps) {
  return (
    <div class="aw-legend">
      <span>
        {style.kind === "lines"
          ? "left: query, right: key; lines from 10 % of a row’s strongest"
          : "down: query, across: key"}
      </span>
      {style.kind === "lines" ? (
        <span class="aw-legend-lines">
          weight
          {SAMPLES.map((weight) => (
            <span key={weight}>
              <i style={{ background: style.color, opacity: lineOpacity(weight) }} />
              {weight}
            </span>
          ))}
        </span>
      ) : (
        <span class="aw-legend-scale">
          weight 0 <i style={{ background: cssGradient(style.colors) }} /> 1
          <span>(middle: 0.25, square-root scale)</span>
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
