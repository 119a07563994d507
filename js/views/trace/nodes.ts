import type { PathStep } from "../../frame/paths";
import { type About, keysOf, type TokenList } from "../../state/about";
import { writtenIn } from "../../state/written";

/** The nodes of every level, left to right. */
export interface Nodes {
  tokens: TokenList;
  /** The first source token; null where there is one kind of token. */
  split: number | null;
  /** The last token of the output. */
  last: number;
}

/**
 * The tokens that a trace of a stream goes through.
 *
 * An encoder-decoder is traced as a whole, target tokens before source tokens, unless its encoder
 * is asked for.
 */
export function nodesOf(about: About, name: string): Nodes {
  const own = about.streams.find((stream) => stream.name === name) ?? about.streams[0];
  if (!own) throw new Error("The trace has no stream: there is nothing to follow.");
  const cross = about.streams.find(({ keys }) => keys !== null);
  if (!cross || own.name === "encoder") {
    return { tokens: own.queries, split: null, last: own.queries.text.length - 1 };
  }
  const split = cross.queries.text.length;
  return { tokens: joined(cross.queries, keysOf(cross)), split, last: split - 1 };
}

/** True where a step makes a node anew; other nodes it passes on unchanged. */
export function isMade({ split }: Nodes, step: PathStep, index: number): boolean {
  return split === null || (step.stream === "encoder") === index >= split;
}

function joined(first: TokenList, second: TokenList): TokenList {
  const offset = first.text.length;
  const moved = (indices: readonly number[]) => indices.map((index) => index + offset);
  return {
    text: [...first.text, ...second.text],
    special: [...first.special, ...moved(second.special)],
    continues: [...first.continues, ...moved(second.continues)],
    segments: [],
    written: [...writtenIn(first), ...moved(writtenIn(second))],
  };
}
