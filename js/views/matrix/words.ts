import { formatCount } from "../../draw/format";
import { namesOfHeads } from "../../draw/headsText";
import { capital, fusedNote } from "../../draw/methodText";
import { visibleText } from "../../draw/tokenText";
import { methodOf, usesFusion } from "../../frame/method";
import type { About, StreamAbout, TokenList } from "../../state/about";
import { layersInWords } from "../../state/layers";
import type { Fusion, Selection } from "../../state/selection";
import { type Cells, isExact, type Range, spanOf } from "./geometry";
import { firstTerm, type MatrixTerm, secondTerm } from "./matrixTerms";

/** "Layer 3, head 5, attention"; a method that goes through layers says from where. */
export function termInWords(
  about: About,
  stream: StreamAbout,
  { layer, heads, method }: MatrixTerm,
  fusion: Fusion,
): string {
  const row = methodOf(about, method);
  const fused = usesFusion(row) ? ` (${fusion})` : "";
  return `${capital(layersInWords(row, stream, layer))}, ${headsInWords(heads, fused)}, ${row.title}`;
}

function headsInWords(heads: number[] | null, fused: string): string {
  if (heads === null) return `all heads${fused}`;
  if (heads.length === 1) return namesOfHeads(heads);
  return heads.length > 5 ? `${heads.length} heads${fused}` : `${namesOfHeads(heads)}${fused}`;
}

/** A note on a second matrix that is fused, or the same as the first. */
export function noteOnSecond(
  about: About,
  selection: Selection,
  stream: StreamAbout,
): string | null {
  if (selection.matrix_mode === "single") return null;
  const first = firstTerm(about, selection);
  const second = secondTerm(about, selection, stream);
  if (JSON.stringify(first) === JSON.stringify(second)) {
    return "Both matrices are the same: choose another layer, head or method for the second.";
  }
  return second.method === first.method ? null : fusedNote(methodOf(about, second.method));
}

/** "cat", or "cat … mat" where a cell holds several. */
export function tokensInWords(tokens: TokenList, range: Range): string {
  const text = visibleText(tokens.text[range[0]] ?? "");
  return spanOf(range) === 1 ? text : `${text} … ${visibleText(tokens.text[range[1] - 1] ?? "")}`;
}

/** "4", or "4 to 7". */
export function indicesInWords([start, stop]: Range): string {
  return stop - start === 1 ? `${start}` : `${start} to ${stop - 1}`;
}

/** The status line: the size of the part that is seen, and of its cells. */
export function noteOf(
  cells: Cells,
  section: { queries: Range; keys: Range },
  isSigned: boolean,
): string {
  const { queries, keys } = section;
  const words = [`${formatCount(spanOf(queries))} queries × ${formatCount(spanOf(keys))} keys`];
  if (!isExact(cells)) {
    const which = isSigned ? "value of largest magnitude" : "largest value";
    words.push(`a cell is the ${which} of the tokens it covers; drag over a part to zoom in`);
  }
  return words.join("; ");
}
