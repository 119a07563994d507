import type { Side } from "../../state/selection";
import type { Piece } from "./reading";

/** Tokens that a search finds, first and last, in the text of a side. */
export interface Match {
  side: Side;
  first: number;
  last: number;
}

/** A text in lower case, and where in it each token starts. */
export interface Haystack {
  side: Side;
  text: string;
  starts: number[];
}

export function haystackOf(side: Side, pieces: readonly Piece[]): Haystack {
  let text = "";
  const starts = pieces.map((piece) => {
    text += plain(piece.before);
    const start = text.length;
    text += plain(piece.text);
    return start;
  });
  return { side, text, starts };
}

/** Every place where the words occur, whatever the case and the white space between them. */
export function findMatches(haystacks: readonly Haystack[], words: string): Match[] {
  const wanted = plain(words.trim());
  if (wanted === "") return [];
  return haystacks.flatMap(({ side, text, starts }) => {
    const matches: Match[] = [];
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      const first = tokenAt(starts, at);
      matches.push({ side, first, last: tokenAt(starts, at + wanted.length - 1) });
    }
    return matches;
  });
}

/** The place of the next match after a step, round the ends; −1 where there is none. */
export function stepMatch(at: number, step: 1 | -1, count: number): number {
  return count === 0 ? -1 : (at + step + count) % count;
}

/** "3 of 12 matches", "no match"; nothing while nothing is looked for. */
export function matchesInWords(words: string, at: number, count: number): string {
  if (words.trim() === "") return "";
  return count === 0 ? "no match" : `${at + 1} of ${count}`;
}

function plain(text: string): string {
  return text.toLowerCase().replace(/\u23ce?\s/g, " ");
}

/** The last token that starts at a place or before it. */
function tokenAt(starts: readonly number[], place: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] as number) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
