import { visibleText } from "../../draw/tokenText";
import type { Nodes } from "./nodes";

/** A token and its number; of an encoder-decoder also whether it is target or source. */
export function TokenName({ nodes, index }: { nodes: Nodes; index: number }) {
  return (
    <>
      <b class="aw-trace-token">{visibleText(nodes.tokens.text[index] ?? "")}</b>{" "}
      <span class="aw-faint aw-trace-index">{numberOf(nodes, index)}</span>
    </>
  );
}

/** "4"; of an encoder-decoder "target 4" or "source 2", counted among their own. */
export function numberOf({ split }: Nodes, index: number): string {
  if (split === null) return `${index}`;
  return index < split ? `target ${index}` : `source ${index - split}`;
}
