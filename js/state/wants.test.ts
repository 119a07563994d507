import { expect, it } from "vitest";
import { aboutOf, DEFAULT_SELECTION, streamOf, tokensOf } from "./testing";
import { rowsWant } from "./wants";

it("asks for every key of whole rows up to 4 M weights, as the kernel's snapshot does", () => {
  const asksInFull = (tokens: number, coverage = 1) => {
    const stream = streamOf({ queries: tokensOf(tokens) });
    return rowsWant(aboutOf([stream]), { ...DEFAULT_SELECTION, coverage }, stream).full;
  };
  expect(asksInFull(256)).toBe(false);
  expect(asksInFull(257)).toBe(true);
  expect(asksInFull(257, 0.9)).toBe(false);
  expect(asksInFull(2048)).toBe(true);
  expect(asksInFull(2049)).toBe(false);
});
