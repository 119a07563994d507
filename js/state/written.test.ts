import { expect, it } from "vitest";
import { tokensOf } from "./testing";
import { stretchesOf, writtenIn } from "./written";

it("finds the prompt and what was written, also in several parts", () => {
  expect(stretchesOf({ ...tokensOf(5), written: [3, 4] })).toEqual([
    { start: 0, end: 3, isWritten: false },
    { start: 3, end: 5, isWritten: true },
  ]);
  expect(
    stretchesOf({ ...tokensOf(3), written: [0, 2] }).map(({ isWritten }) => isWritten),
  ).toEqual([true, false, true]);
});

it("takes a file that does not tell for one that was read", () => {
  expect(writtenIn(tokensOf(4))).toEqual([]);
  expect(stretchesOf(tokensOf(4))).toEqual([{ start: 0, end: 4, isWritten: false }]);
});
