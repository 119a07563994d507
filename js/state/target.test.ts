import { expect, it } from "vitest";
import type { SpanRange } from "./about";
import type { ContrastTarget } from "./selection";
import { longestSpan, movedTo, namesWant, spanBetween, withIndex } from "./target";

const contrast: ContrastTarget = { kind: "contrast", position: 3, index: 5, versus: 8 };
const spans: SpanRange = { first: 1, stop: 12, gaps: [4, 9], answer: null };

it("exchanges the two tokens of a contrast where the second becomes the first", () => {
  expect(withIndex(contrast, 8)).toEqual({ ...contrast, index: 8, versus: 5 });
  expect(withIndex(contrast, 6)).toEqual({ ...contrast, index: 6 });
});

it("never compares a token with itself", () => {
  const likeliest = { ...contrast, index: null };
  expect(withIndex(likeliest, 8)).toEqual({ kind: "logit", position: 3, index: 8 });
  expect(withIndex(likeliest, 6)).toEqual({ ...contrast, index: 6 });
});

it("keeps the two tokens at another position, and takes the likeliest one of a logit", () => {
  expect(movedTo(contrast, "logit", 7)).toEqual({ ...contrast, position: 7 });
  const logit = { kind: "log_prob", position: 3, index: 5 } as const;
  expect(movedTo(logit, "log_prob", 7)).toEqual({ ...logit, position: 7, index: null });
});

it("puts the ends of a span in their order and refuses gaps", () => {
  expect(spanBetween(spans, 8, 5)).toEqual({ start: 5, stop: 9 });
  expect(spanBetween(spans, 7, 7)).toEqual({ start: 7, stop: 8 });
  expect(spanBetween(spans, 3, 5)).toBeNull();
  expect(spanBetween(spans, 0, 2)).toBeNull();
  expect(spanBetween(spans, 11, 12)).toBeNull();
});

it("finds the longest span between gaps", () => {
  expect(longestSpan(spans)).toEqual({ start: 5, stop: 9 });
  expect(longestSpan({ ...spans, gaps: [] })).toEqual({ start: 1, stop: 12 });
});

it("asks for names only where they are not listed", () => {
  const listed = [5, 8].map((index) => ({ index, text: "", probability: 0.5 }));
  expect(namesWant(contrast, listed)).toBeNull();
  expect(namesWant({ ...contrast, versus: 99 }, listed)).toEqual({
    ...{ kind: "predictions", position: 3 },
    including: [99],
  });
  expect(namesWant({ kind: "span", start: 1, stop: 2 }, [])).toBeNull();
});
