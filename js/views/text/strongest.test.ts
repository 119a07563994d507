import { expect, it } from "vitest";
import type { TokenFrame } from "../../frame/token";
import { piecesOf } from "./reading";
import { contextOf, restOf, strongestOf } from "./strongest";

const frame: TokenFrame = {
  ...{ kind: "token", hidden: 0, hiddenMass: 0 },
  values: Float32Array.of(0.25, -0.5, 0, 0.125, 0.125),
};

it("ranks by magnitude, equal ones in the order of the text, and leaves out zeros", () => {
  const shares = strongestOf(frame, 3);
  expect(shares.map(({ index, mean }) => [index, mean])).toEqual([
    [1, -0.5],
    [0, 0.25],
    [3, 0.125],
  ]);
  expect(restOf(frame, shares)).toBeCloseTo(0.125, 6);
  expect(strongestOf(frame, 9)).toHaveLength(4);
});

it("shows words around a token in one line", () => {
  const text = ["One", "two", "⏎", "three", "four"];
  const pieces = piecesOf({ text, special: [], continues: [], segments: [], spaced: [1, 4] });
  expect(contextOf(pieces, 3)).toEqual({ before: "One two ", after: " four" });
});
