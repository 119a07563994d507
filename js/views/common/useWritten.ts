import { useMemo } from "preact/hooks";
import type { TokenList } from "../../state/about";
import { WRITTEN, writtenIn } from "../../state/written";

/** Tells the tokens that the model wrote from those that it read. */
export interface Written {
  has(index: number): boolean;
  /** ", written by the model", to follow a token's name; else nothing. */
  words(index: number): string;
}

export function useWritten(tokens: TokenList): Written {
  return useMemo(() => {
    const written = new Set(writtenIn(tokens));
    const has = (index: number) => written.has(index);
    return { has, words: (index) => (has(index) ? `, ${WRITTEN}` : "") };
  }, [tokens]);
}
