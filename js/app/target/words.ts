import { visibleText } from "../../draw/tokenText";
import type { PredictionsFrame } from "../../frame/predictions";
import type { TokenList } from "../../state/about";
import type { SpanTarget, Target } from "../../state/selection";

type Predicted = Pick<PredictionsFrame, "unit" | "position" | "predictions">;

/**
 * "‘mat’ at 7", "‘is’ instead of ‘are’ at 3", "log-probability of ‘positive’", "hidden states of
 * all tokens", "log-probability of 5 ‘the’ to 8 ‘mat’".
 */
export function targetInWords(
  target: Target | null,
  predicted: Predicted | undefined,
  tokens: TokenList,
): string {
  if (target?.kind === "span") return spanInWords(target, tokens);
  const position = target?.position ?? predicted?.position ?? null;
  if (target?.kind === "hidden" || predicted?.unit === "hidden") {
    return position === null
      ? "hidden states of all tokens"
      : `hidden state of ${tokenInWords(tokens, position)}`;
  }
  const of = target?.kind === "log_prob" ? "log-probability of " : "";
  const at = position === null ? "" : ` at ${position}`;
  const instead =
    target?.kind === "contrast" ? ` instead of ${nameOf(target.versus, predicted)}` : "";
  return `${of}${nameOf(target?.index ?? null, predicted)}${instead}${at}`;
}

function spanInWords({ start, stop }: SpanTarget, tokens: TokenList): string {
  const last = (stop ?? tokens.text.length) - 1;
  const from = `log-probability of ${tokenInWords(tokens, start)}`;
  return last === start ? from : `${from} to ${tokenInWords(tokens, last)}`;
}

/** "7 ‘sat’". */
export function tokenInWords(tokens: TokenList, position: number): string {
  return `${position} ${quoted(tokens.text[position] ?? "")}`;
}

function nameOf(index: number | null, predicted: Predicted | undefined): string {
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
