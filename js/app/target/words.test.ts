import { expect, it } from "vitest";
import type { PredictionsFrame } from "../../frame/predictions";
import type { Target } from "../../state/selection";
import { tokensOf } from "../../state/testing";
import { quoted, targetInWords } from "./words";

const tokens = tokensOf(9);
const predictions = [
  { index: 5, text: " mat", probability: 0.7 },
  { index: 8, text: "\n", probability: 0.2 },
];
const token: PredictionsFrame = {
  ...{ kind: "predictions", unit: "token", position: 7 },
  predictions,
  included: [],
};
const contrast: Target = { kind: "contrast", position: 7, index: 5, versus: 8 };
const logit: Target = { kind: "logit", position: 7, index: 8 };

it.each<[string, Target | null, PredictionsFrame | undefined]>([
  ["‘ mat’ at 7", null, token],
  ["‘⏎’ at 7", logit, token],
  ["log-probability of ‘⏎’ at 7", { ...logit, kind: "log_prob" }, token],
  ["number 99 at 7", { ...logit, index: 99 }, token],
  ["the most probable at 3", { ...logit, position: 3, index: null }, undefined],
  ["‘ mat’", null, { ...token, unit: "class", position: null }],
  ["hidden states of all tokens", null, { ...token, unit: "hidden", position: null }],
  ["‘ mat’ instead of ‘⏎’ at 7", contrast, token],
  ["the most probable instead of number 8 at 7", { ...contrast, index: null }, undefined],
  ["log-probability of 3 ‘t3’ to 5 ‘t5’", { kind: "span", start: 3, stop: 6 }, token],
  ["log-probability of 8 ‘t8’", { kind: "span", start: 8, stop: null }, undefined],
  ["hidden state of 4 ‘t4’", { kind: "hidden", position: 4, index: null }, undefined],
])("says %s", (words, target, predicted) => {
  expect(targetInWords(target, predicted, tokens)).toBe(words);
});

it("cuts what is long between characters", () => {
  expect(quoted("👨".repeat(500))).toBe(`‘${"👨".repeat(40)}…’`);
});
