import { formatCount } from "../../draw/format";
import { visibleText } from "../../draw/tokenText";
import { isPerHead, type Method } from "../../frame/method";
import type { TokenList } from "../../state/about";
import type { Fusion } from "../../state/selection";
import type { Cells } from "./cells";
import { isExact } from "./cells";
import type { Part } from "./parts";
import { type Range, spanOf } from "./range";

const METHODS: Record<Method, string> = {
  attention: "attention",
  rollout: "rollout",
  gradient_flow: "gradient flow",
  relevance: "relevance",
  max_flow: "max flow",
};

export function methodName(method: Method): string {
  return METHODS[method];
}

/** "Layer 3, head 5, attention"; what goes through layers says from where. */
export function partInWords({ layer, heads, method }: Part, fusion: Fusion): string {
  const layers = isPerHead(method) || layer === 0 ? `Layer ${layer}` : `Layers 0 to ${layer}`;
  return `${layers}, ${headsInWords(heads, fusion)}, ${methodName(method)}`;
}

function headsInWords(heads: number[] | null, fusion: Fusion): string {
  if (heads === null) return `all heads (${fusion})`;
  if (heads.length === 1) return `head ${heads[0]}`;
  if (heads.length > 5) return `${heads.length} heads (${fusion})`;
  return `heads ${heads.slice(0, -1).join(", ")} and ${heads.at(-1)} (${fusion})`;
}

/** Why all heads are shown though some were chosen; null where the method knows heads. */
export function fusedNote(method: Method, heads: number[] | null): string | null {
  if (isPerHead(method)) return null;
  const name = methodName(method);
  const chosen = heads === null ? "" : " The chosen heads come back with attention.";
  return `${name[0]?.toUpperCase()}${name.slice(1)} has no picture of a single head: all heads are shown, fused.${chosen}`;
}

/** "cat 4", or "4 tokens from cat 4" where a cell holds several. */
export function tokensInWords(tokens: TokenList, range: Range): string {
  const text = visibleText(tokens.text[range[0]] ?? "");
  return spanOf(range) === 1 ? text : `${text} … ${visibleText(tokens.text[range[1] - 1] ?? "")}`;
}

/** "4", or "4 to 7". */
export function indicesInWords([start, stop]: Range): string {
  return stop - start === 1 ? `${start}` : `${start} to ${stop - 1}`;
}

/** What the status line says: how much of the matrix is seen, and how finely. */
export function noteOf(cells: Cells, section: { queries: Range; keys: Range }): string {
  const { queries, keys } = section;
  const words = [`${formatCount(spanOf(queries))} queries × ${formatCount(spanOf(keys))} keys`];
  if (!isExact(cells)) {
    words.push("a cell is the largest value of the tokens it covers; drag over a part to zoom in");
  }
  return words.join("; ");
}
