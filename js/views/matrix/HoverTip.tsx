import type { ReadonlySignal } from "@preact/signals";
import type { RefObject } from "preact";
import { formatNumber, formatWithError } from "../../draw/format";
import type { MatrixFrame } from "../../frame/matrix";
import { keysOf, type StreamAbout, type TokenList } from "../../state/about";
import { type Cells, cellAt, errorOfCell, type Range, spanOf } from "./geometry";
import type { HoverTarget } from "./hoverTarget";
import { indicesInWords, tokensInWords } from "./words";

/** A matrix that is shown, with its name. */
export interface TitledMatrix {
  title: string;
  cells: Cells;
}

interface Props {
  hovered: ReadonlySignal<HoverTarget | null>;
  matrices: TitledMatrix[];
  stream: StreamAbout;
  root: RefObject<HTMLElement | null>;
}

/** Both tokens under the pointer and their value in every matrix, or a token's importance. */
export function HoverTip({ hovered, matrices, stream, root }: Props) {
  const pointed = hovered.value;
  const box = root.current?.getBoundingClientRect();
  if (!pointed?.at || !box || matrices.length === 0) return null;
  const [x, y] = [pointed.at.x - box.left, pointed.at.y - box.top];
  const side = x > box.width / 2 ? { right: `${box.width - x + 16}px` } : { left: `${x + 16}px` };
  return (
    <div class="aw-tip aw-matrix-tip" role="tooltip" style={{ top: `${y + 14}px`, ...side }}>
      <div class="aw-tip-tokens">
        {pointed.queries && <Tokens tokens={stream.queries} range={pointed.queries} />}
        {" → "}
        {pointed.keys && <Tokens tokens={keysOf(stream)} range={pointed.keys} />}
      </div>
      {matrices.map(({ title, cells }) => (
        <div class="aw-tip-facts" key={title}>
          {title}
          <span class="aw-number">{valueAt(cells, pointed)}</span>
        </div>
      ))}
      <div class="aw-faint">{kindOf(pointed)}</div>
    </div>
  );
}

function Tokens({ tokens, range }: { tokens: TokenList; range: Range }) {
  return (
    <>
      <b>{tokensInWords(tokens, range)}</b> <span class="aw-faint">{indicesInWords(range)}</span>
    </>
  );
}

function valueAt(cells: Cells, { queries, keys }: HoverTarget): string {
  if (queries && keys) {
    const cell = cellAt(cells, queries[0], keys[0]);
    return cell ? formatWithError(cell.value, errorOfCell(cells.frame, cell)) : "…";
  }
  const value = importanceOf(cells.frame, queries, keys);
  return value === undefined ? "…" : formatNumber(value);
}

function importanceOf(frame: MatrixFrame, queries: Range | null, keys: Range | null) {
  if (queries) return frame.outgoing[queries[0]];
  return keys ? frame.incoming[keys[0]] : undefined;
}

function kindOf({ queries, keys }: HoverTarget): string {
  if (queries && keys) {
    const pairs = spanOf(queries) * spanOf(keys);
    return pairs > 1 ? `the largest of ${pairs} pairs; click to zoom in` : "";
  }
  return queries
    ? "outgoing: mean weight it gives to a key"
    : "incoming: mean weight it gets from a query";
}
