import type { About, EditAbout, StreamAbout } from "./about";
import { runOf } from "./runs";
import type { Selection, TokenRef } from "./selection";

/** A token in the place of another. */
export interface TokenEdit {
  stream: string;
  index: number;
  token: number | string;
}

/** Another text, or another pair. */
export interface TextEdit {
  text: string;
  text_pair: string | null;
}

/** What is edited, as the trait `edits` lists it: a text first, if there is one, then tokens. */
export type Edit = TokenEdit | TextEdit;

/** A token that can be edited. */
export interface Place {
  stream: string;
  index: number;
}

export function isText(edit: Edit): edit is TextEdit {
  return "text" in edit;
}

/** The edits of a widget; older files have none. */
export function editsOf({ edits }: Pick<Selection, "edits">): Edit[] {
  return edits ?? [];
}

/** The edits of the run on the screen, which another one is added to. */
export function editsOnScreen(about: About, selection: Selection): Edit[] {
  return runOf(about, selection) === "before" ? [] : editsOf(selection);
}

/** The edits after another one: a text takes the place of all, a token that of one at its place. */
export function withEdit(edits: Edit[], edit: Edit): Edit[] {
  if (isText(edit)) return [edit];
  const others = edits.filter(
    (each) => isText(each) || each.stream !== edit.stream || each.index !== edit.index,
  );
  return [...others, edit];
}

/** The edits without one; without a text nothing is left, as the others are places in it. */
export function withoutEdit(edits: Edit[], place: number): Edit[] {
  const left = edits.filter((_, other) => other !== place);
  return edits[place] && isText(edits[place]) ? [] : left;
}

/** The token that was pinned last, as a key of the stream that it is read from; null for none. */
export function placeToEdit(pins: TokenRef[], stream: StreamAbout): Place | null {
  const pin = pins.at(-1);
  if (!pin) return null;
  const isDecoded = pin.side === "query" && stream.keys !== null;
  return { stream: isDecoded ? "decoder" : stream.name, index: pin.index };
}

/** Why a token cannot be replaced; null where it can. */
export function refusalAt({ refused, fixed }: EditAbout, { stream, index }: Place): string | null {
  if (!(stream in refused)) return "These tokens are not read from a text.";
  if (fixed[stream]?.includes(index)) {
    return "This stands for a part of an image or a sound, which is no token of a text.";
  }
  return refused[stream] ?? null;
}

/** True where tokens stand in the place of others and all places are what they were. */
export function isInPlace(edits: Edit[]): boolean {
  return edits.length > 0 && !edits.some(isText);
}
