import type { RefObject } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import type { Side } from "../../state/selection";
import type { Piece } from "./reading";
import { findMatches, haystackOf, type Match, stepMatch } from "./search";

export interface Search {
  field: RefObject<HTMLInputElement | null>;
  words: string;
  matches: Match[];
  /** The match that is looked at; −1 where there is none. */
  at: number;
  onWords(words: string): void;
  onStep(step: 1 | -1): void;
  /** Ends the search. */
  onLeave(): void;
}

/** What is looked for in the texts, and the match that is looked at. */
export function useSearch(
  texts: readonly { side: Side; pieces: readonly Piece[] }[],
  leave: () => void,
): Search {
  const field = useRef<HTMLInputElement>(null);
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const haystacks = useMemo(
    () => texts.map(({ side, pieces }) => haystackOf(side, pieces)),
    [texts],
  );
  const matches = useMemo(() => findMatches(haystacks, words), [haystacks, words]);
  return {
    field,
    words,
    matches,
    at: Math.min(at, matches.length - 1),
    onWords: (next) => {
      setWords(next);
      setAt(0);
    },
    onStep: (step) => setAt(stepMatch(Math.min(at, matches.length - 1), step, matches.length)),
    onLeave: () => {
      setWords("");
      leave();
    },
  };
}
