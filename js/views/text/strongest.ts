import type { TokenFrame } from "../../frame/token";
import type { Share } from "../../state/shares";
import type { Piece } from "./reading";

/** The values of a token by falling magnitude, without zeros. */
export function strongestOf({ values }: TokenFrame, most: number): Share[] {
  const places = Array.from(values, (_, index) => index).filter((index) => values[index] !== 0);
  const size = (index: number) => Math.abs(values[index] as number);
  return places
    .sort((a, b) => size(b) - size(a) || a - b)
    .slice(0, most)
    .map((index) => {
      const mean = values[index] as number;
      return { index, mean, byHead: [mean] };
    });
}

/** The sum of the magnitudes of all values but some. */
export function restOf({ values }: TokenFrame, shares: readonly Share[]): number {
  const whole = values.reduce((sum, value) => sum + Math.abs(value), 0);
  return Math.max(0, whole - shares.reduce((sum, { mean }) => sum + Math.abs(mean), 0));
}

const CHARACTERS = 18;

/** A few words before a token and after it. */
export function contextOf(
  pieces: readonly Piece[],
  index: number,
): { before: string; after: string } {
  let before = pieces[index]?.before ?? "";
  for (let at = index - 1; at >= 0 && before.length < CHARACTERS; at--) {
    const piece = pieces[at] as Piece;
    before = `${piece.before}${piece.text}${before}`;
  }
  let after = "";
  for (let at = index + 1; at < pieces.length && after.length < CHARACTERS; at++) {
    const piece = pieces[at] as Piece;
    after += `${piece.before}${piece.text}`;
  }
  return { before: inOneLine(before), after: inOneLine(after) };
}

function inOneLine(text: string): string {
  return text.replace(/\u23ce?\s+/g, " ");
}
