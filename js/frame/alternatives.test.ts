import { expect, it } from "vitest";
import { decodeAlternatives } from "./alternatives";

const predictions = [{ index: 3, text: " dog", probability: 0.5, logit: 2 }];

it("lists tokens, the one that is there and the one that was named", () => {
  const raw = { header: { predictions, current: 7, named: 3, why: null }, arrays: {} };
  expect(decodeAlternatives(raw)).toEqual({
    ...{ kind: "alternatives", predictions, current: 7, named: 3, why: null },
  });
  expect(decodeAlternatives({ ...raw, header: { predictions: [], current: 7 } })).toMatchObject({
    ...{ named: null, why: null },
  });
});

it("refuses what is no list of tokens", () => {
  const header = { predictions: [{ index: "3" }], current: 7 };
  expect(() => decodeAlternatives({ header, arrays: {} })).toThrow(/index, text/);
  expect(() => decodeAlternatives({ header: { predictions }, arrays: {} })).toThrow(/token there/);
});
