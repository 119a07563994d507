import { expect, it } from "vitest";
import { piecesOf } from "./reading";
import { findMatches, haystackOf, matchesInWords, stepMatch } from "./search";

const pieces = piecesOf({
  text: ["The", "lamp", "light", "er", "⏎", "showed", "the", "Lamp"],
  ...{ special: [], continues: [3], segments: [], spaced: [1, 2, 6, 7] },
});
const haystack = haystackOf("key", pieces);
const find = (words: string) =>
  findMatches([haystack], words).map(({ first, last }) => [first, last]);

it("finds words in whatever case, within and across tokens and lines", () => {
  expect(find("LAMP")).toEqual([
    [1, 1],
    [7, 7],
  ]);
  expect(find("lighter")).toEqual([[2, 3]]);
  expect(find("ghter showed")).toEqual([[2, 5]]);
  expect(find("the  lamp")).toEqual([]);
  expect(find("storm")).toEqual([]);
});

it("looks for nothing while there are no words", () => {
  expect(find("  ")).toEqual([]);
  expect(matchesInWords(" ", 0, 0)).toBe("");
});

it("goes round the ends, and says which match it is or that there is none", () => {
  expect(stepMatch(1, 1, 2)).toBe(0);
  expect(stepMatch(0, -1, 2)).toBe(1);
  expect(stepMatch(0, 1, 0)).toBe(-1);
  expect(matchesInWords("lamp", 1, 2)).toBe("2 of 2");
  expect(matchesInWords("storm", -1, 0)).toBe("no match");
});

it("searches both texts of a stream, each by itself", () => {
  const found = findMatches([haystack, haystackOf("query", pieces.slice(0, 2))], "the lamp");
  expect(found.map(({ side }) => side)).toEqual(["key", "key", "query"]);
});
