import { visibleText } from "../../draw/tokenText";
import type { TokenList } from "../../state/about";

/** A token as it stands in the text. */
export interface Piece {
  index: number;
  /** White space before it: a space between words, a line break between two texts. */
  before: string;
  /** What is read: line breaks and tabs are real ones. */
  text: string;
  /**
   * "special" frames the text, "break" is a line break, "place" names a patch or a moment, "rest" is
   * what follows of a character that the token before it shows.
   */
  kind: "word" | "special" | "break" | "place" | "rest";
}

/** The tokens of a text in the order and with the white space in which it is read. */
export function piecesOf(tokens: TokenList): Piece[] {
  const special = new Set(tokens.special);
  const places = new Set(tokens.places);
  const gapBefore = gapsOf(tokens);
  const characters = joinBytes(tokens.text);
  return tokens.text.map((written, index) => {
    const character = characters.get(index);
    const before = gapBefore(index);
    if (special.has(index)) return { index, before, text: visibleText(written), kind: "special" };
    if (places.has(index)) return { index, before, text: written, kind: "place" };
    if (character !== undefined) return { index, before, ...character };
    const isBreak = /^[\u23ce\u2423\u21e5]*\u23ce[\u23ce\u2423\u21e5]*$/.test(written);
    return { index, before, text: readable(written), kind: isBreak ? "break" : "word" };
  });
}

/** Line breaks are seen and break the line; other white space is what it is. */
function readable(text: string): string {
  if (text === "") return visibleText(text);
  return text.replaceAll("⏎", "⏎\n").replaceAll("⇥", "\t").replaceAll("␣", " ");
}

/** The second text of a pair begins a line, and patches of an image stand apart. */
function gapsOf(tokens: TokenList): (index: number) => string {
  const { spaced, segments } = tokens;
  const after = new Set(spaced);
  const continues = new Set(tokens.continues);
  const special = new Set(tokens.special);
  const places = new Set(tokens.places);
  return (index) => {
    if (index === 0) return "";
    if ((segments[index] ?? 0) !== (segments[index - 1] ?? 0)) return "\n";
    if (places.has(index) || places.has(index - 1)) return " ";
    if (spaced) return after.has(index) ? " " : "";
    // A file of 0.1.0 does not say where spaces are.
    return continues.has(index) || special.has(index) || special.has(index - 1) ? "" : " ";
  };
}

const BYTES = /^(?:\\x[0-9a-f]{2})+$/;

/**
 * Tokens that are parts of characters.
 *
 * The first one that a character is made of shows it, and those after it a dot; bytes that make no
 * character are shown as they are.
 */
function joinBytes(texts: string[]): Map<number, Pick<Piece, "text" | "kind">> {
  const found = new Map<number, Pick<Piece, "text" | "kind">>();
  for (let start = 0; start < texts.length; start++) {
    if (!BYTES.test(texts[start] ?? "")) continue;
    let end = start;
    while (BYTES.test(texts[end] ?? "")) end += 1;
    for (let from = start; from < end; ) {
      const [text, length] = characterFrom(texts.slice(from, end));
      for (let at = from; at < from + length; at++) {
        const isFirst = at === from;
        found.set(at, isFirst ? { text, kind: "word" } : { text: "·", kind: "rest" });
      }
      from += length;
    }
    start = end;
  }
  return found;
}

/** The shortest run of pieces that is whole characters, or the first piece as it is. */
function characterFrom(pieces: string[]): [text: string, length: number] {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let length = 1; length <= Math.min(4, pieces.length); length++) {
    const hex =
      pieces
        .slice(0, length)
        .join("")
        .match(/[0-9a-f]{2}/g) ?? [];
    try {
      return [decoder.decode(Uint8Array.from(hex, (byte) => Number.parseInt(byte, 16))), length];
    } catch {
      // These bytes are no characters yet.
    }
  }
  return [pieces[0] ?? "", 1];
}
