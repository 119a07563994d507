import { expect, it } from "vitest";
import type { TokenList } from "../../state/about";
import { piecesOf } from "./reading";

const list = (text: string[], change: Partial<TokenList> = {}): TokenList => ({
  ...{ text, special: [], continues: [], segments: [], spaced: [], places: [] },
  ...change,
});

const read = (tokens: TokenList) =>
  piecesOf(tokens)
    .map(({ before, text }) => before + text)
    .join("");

const kinds = (tokens: TokenList) => piecesOf(tokens).map(({ kind }) => kind);

it("joins the pieces of a word, and has a space where the text has one", () => {
  expect(read(list(["The", "lamp", "light", "er", "."], { spaced: [1] }))).toBe("The lamplighter.");
});

it("breaks lines where the text does, and keeps indents and tabs", () => {
  const tokens = list([":", "⏎⏎", "␣␣", "x", "⇥", "y"]);
  expect(read(tokens)).toBe(":⏎\n⏎\n  x\ty");
  expect(kinds(tokens)).toEqual(["word", "break", "word", "word", "word", "word"]);
});

it("shows a character of several tokens once, and broken ones as they are", () => {
  const pieces = list(["\\xf0\\x9f", "\\x99", "\\x82", "\\xe2", "a"]);
  expect(piecesOf(pieces).map(({ text }) => text)).toEqual(["🙂", "·", "·", "\\xe2", "a"]);
  expect(kinds(pieces)).toEqual(["word", "rest", "rest", "word", "word"]);
});

it("puts patches apart, keeps special tokens close, and begins the second text on a line", () => {
  const tokens = list(["[CLS]", "r0 c0", "r0 c1"], { special: [0], places: [1, 2] });
  expect(read(tokens)).toBe("[CLS] r0 c0 r0 c1");
  expect(kinds(tokens)).toEqual(["special", "place", "place"]);
  expect(read(list(["a", "b"], { segments: [0, 1] }))).toBe("a\nb");
});

it("reads files of 0.1.0, which do not say where spaces are", () => {
  const tokens: TokenList = {
    ...{ text: ["[CLS]", "walk", "ed", "home"], special: [0], continues: [2], segments: [] },
  };
  expect(read(tokens)).toBe("[CLS]walked home");
});
