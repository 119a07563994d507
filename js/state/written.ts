import type { TokenList } from "./about";

/** What is said of a token that the model wrote, after its name. */
export const WRITTEN = "written by the model";

const NONE: readonly number[] = [];

/** The tokens that the model wrote; files of older versions do not tell. */
export function writtenIn(tokens: TokenList): readonly number[] {
  return tokens.written ?? NONE;
}

/** Stretches of tokens with one origin: the prompt, or what the model wrote. */
export interface Stretch {
  start: number;
  end: number;
  isWritten: boolean;
}

/** The stretches of a text, in order; one where all tokens have one origin. */
export function stretchesOf(tokens: TokenList): Stretch[] {
  const written = new Set(writtenIn(tokens));
  const stretches: Stretch[] = [];
  for (let index = 0; index < tokens.text.length; index++) {
    const isWritten = written.has(index);
    const last = stretches.at(-1);
    if (last?.isWritten === isWritten) last.end = index + 1;
    else stretches.push({ start: index, end: index + 1, isWritten });
  }
  return stretches;
}
