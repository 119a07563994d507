/** A token's text with white space and nothing shown by signs. */
export function visibleText(text: string): string {
  if (text === "") return "∅";
  return text.trim() === ""
    ? text.replaceAll("\n", "⏎").replaceAll("\t", "⇥").replaceAll(" ", "␣")
    : text;
}
