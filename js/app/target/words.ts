import { visibleText } from "../../draw/tokenText";
import type { PredictionsFrame } from "../../frame/predictions";
import type { TokenList } from "../../state/about";
import type { Target } from "../../state/selection";

/** "‘mat’ at 7", "log-probability of ‘positive’", "hidden states of all tokens". */
export function targetInWords(
  target: Target | null,
  predicted: PredictionsFrame | undefined,
  tokens: TokenList,
): string {
  const position = target?.position ?? predicted?.position ?? null;
  if (target?.kind === "hidden" || predicted?.unit === "hidden") {
    return position === null
      ? "hidden states of all tokens"
      : `hidden state of ${tokenInWords(tokens, position)}`;
  }
  const of = target?.kind === "log_prob" ? "log-probability of " : "";
  const at = position === null ? "" : ` at ${position}`;
  return `${of}${nameOf(target?.index ?? null, predicted)}${at}`;
}

/** "7 ‘sat’". */
export function tokenInWords(tokens: TokenList, position: number): string {
  return `${position} ${quoted(tokens.text[position] ?? "")}`;
}

function nameOf(index: number | null, predicted: PredictionsFrame | undefined): string {
  const entries = predicted?.predictions ?? [];
  const entry = index === null ? entries[0] : entries.find((each) => each.index === index);
  if (entry) return quoted(entry.text);
  return index === null ? "the most probable" : `number ${index}`;
}

/** Characters of a token that are quoted: lists of tokens are as wide as their longest. */
const LONGEST = 40;

export function quoted(text: string): string {
  const characters = [...visibleText(text)];
  const isLong = characters.length > LONGEST;
  return `‘${isLong ? `${characters.slice(0, LONGEST).join("")}…` : characters.join("")}’`;
}
