import { expect, it } from "vitest";
import { digitsFor, shortNumber } from "./drawCells";

it("writes values as short as cells are", () => {
  const written = [0.423, -0.07, 0.996, 1, 1.13, 12.4, -1].map((value) => shortNumber(value, 2));
  expect(written).toEqual([".42", "−.07", "1", "1", "1.1", "12", "−1"]);
  expect(shortNumber(0.0423, 3)).toBe(".042");
});

it("writes two digits of the largest value", () => {
  expect([1, 0.1, 0.099, 0.004, 0].map(digitsFor)).toEqual([2, 2, 3, 4, 2]);
});

it("writes nothing where all digits would be zero", () => {
  expect([0, 0.004, -0.0049].map((value) => shortNumber(value, 2))).toEqual(["", "", ""]);
});
