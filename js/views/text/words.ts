import { formatNumber, formatPercent, formatSigned } from "../../draw/format";
import { visibleText } from "../../draw/tokenText";
import { hasShares, type MethodRow } from "../../frame/method";
import type { StreamAbout } from "../../state/about";
import type { Side, TokenRef } from "../../state/selection";
import { type Chosen, tokensOf } from "./chosen";

/** The direction that a click asks for, in the words of a switch. */
export const LOOKS: readonly (readonly [Side, string])[] = [
  ["query", "Looks at"],
  ["key", "Looked at by"],
];

/** The reason why a token is shown that nobody pinned; null where one did. */
export function reasonInWords({ why }: Chosen): string | null {
  switch (why) {
    case "pinned":
      return null;
    case "target":
      return "where the target is predicted";
    case "last":
      return "the last token, which sees all others";
    case "first":
      return "the first token of the text";
  }
}

/** "looks at", "is looked at by"; of other methods than attention "reads from". */
export function verbOf({ is_attention }: MethodRow, side: Side): string {
  if (is_attention) return side === "query" ? "looks at" : "is looked at by";
  return side === "query" ? "reads from" : "is read by";
}

export function valueText(method: MethodRow, value: number): string {
  if (hasShares(method)) return formatPercent(value);
  return method.signed ? formatSigned(value) : formatNumber(value);
}

/** "‘walked’ (query 5)". */
export function nameOf(stream: StreamAbout, { side, index }: TokenRef): string {
  return `‘${visibleText(tokensOf(stream, side).text[index] ?? "")}’ (${side} ${index})`;
}
