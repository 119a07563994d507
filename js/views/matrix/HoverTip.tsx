import type { ReadonlySignal } from "@preact/signals";
import type { RefObject } from "preact";
import { formatNumber, formatWithError } from "../../draw/format";
import { valueInWords } from "../../draw/methodText";
import type { MatrixFrame } from "../../frame/matrix";
import { methodOf } from "../../frame/method";
import type { MatrixWant } from "../../frame/want";
import { type About, keysOf, type StreamAbout, type TokenList } from "../../state/about";
import { type Cells, cellAt, errorOfCell, type Range, spanOf } from "./geometry";
import type { HoverTarget } from "./hoverTarget";
import { indicesInWords, tokensInWords } from "./words";

/** A matrix that is shown, with its name and what it is of. */
export interface TitledMatrix {
  title: string;
  want: MatrixWant;
  cells: Cells;
}

interface Props {
  about: About;
  hovered: ReadonlySignal<HoverTarget | null>;
  matrices: TitledMatrix[];
  stream: StreamAbout;
  root: RefObject<HTMLElement | null>;
  /** Values have signs. */
  isSigned: boolean;
}

/** Both tokens under the pointer and their value in every matrix, or a token's importance. */
export function HoverTip({ about, hovered, matrices, stream, root, isSigned }: Props) {
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
      {matrices.map((matrix) => (
        <div class="aw-tip-facts" key={matrix.title}>
          {matrix.title}
          <span class="aw-number">{valueAt(about, matrix, pointed)}</span>
        </div>
      ))}
      <div class="aw-faint">{kindOf(pointed, isSigned)}</div>
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

function valueAt(
  about: About,
  { cells, want }: TitledMatrix,
  { queries, keys }: HoverTarget,
): string {
  if (queries && keys) {
    const cell = cellAt(cells, queries[0], keys[0]);
    if (!cell) return "…";
    const number = formatWithError(cell.value, errorOfCell(cells.frame, cell));
    return want.minus ? number : valueInWords(methodOf(about, want.method), cell.value, number);
  }
  const value = importanceOf(cells.frame, queries, keys);
  return value === undefined ? "…" : formatNumber(value);
}

function importanceOf(frame: MatrixFrame, queries: Range | null, keys: Range | null) {
  if (queries) return frame.outgoing[queries[0]];
  return keys ? frame.incoming[keys[0]] : undefined;
}

function kindOf({ queries, keys }: HoverTarget, isSigned: boolean): string {
  if (queries && keys) {
    const pairs = spanOf(queries) * spanOf(keys);
    const which = isSigned ? "of largest magnitude among" : "the largest of";
    return pairs > 1 ? `${which} ${pairs} pairs; click to zoom in` : "";
  }
  if (isSigned) return `mean over all ${queries ? "keys" : "queries"}, in which signs cancel out`;
  return queries
    ? "outgoing: mean weight it gives to a key"
    : "incoming: mean weight it gets from a query";
}
