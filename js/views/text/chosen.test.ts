import { expect, it } from "vitest";
import { aboutOf, DEFAULT_SELECTION, streamOf } from "../../state/testing";
import { chosenToken, pinsAfterClick, pinsTurned } from "./chosen";

const queries = {
  text: ["[BOS]", "a", "b", "[EOS]"],
  special: [0, 3],
  continues: [],
  segments: [],
};
const stream = streamOf({ queries, causal: true });
const about = aboutOf([stream]);
const chosen = (change = {}, other = {}) =>
  chosenToken(about, { ...DEFAULT_SELECTION, ...change }, { ...stream, ...other });

it("shows the last pin, else the target, else the last or the first word", () => {
  const pins = [
    { side: "query", index: 0 },
    { side: "key", index: 2 },
  ] as const;
  expect(chosen({ tokens_selected: pins })).toEqual({ token: pins[1], why: "pinned" });
  const target = { kind: "logit", position: -3, index: null };
  expect(chosen({ target })).toEqual({ token: { side: "query", index: 1 }, why: "target" });
  expect(chosen({ target }, { name: "encoder" }).why).toBe("last");
  expect(chosen()).toEqual({ token: { side: "query", index: 2 }, why: "last" });
  expect(chosen({}, { causal: false })).toEqual({
    ...{ token: { side: "query", index: 1 }, why: "first" },
  });
});

it("puts a clicked token in the place of the last pin, beside it, or releases it", () => {
  const [one, two] = [{ side: "query", index: 1 } as const, { side: "query", index: 2 } as const];
  expect(pinsAfterClick([one], two, false)).toEqual([two]);
  expect(pinsAfterClick([one], two, true)).toEqual([one, two]);
  expect(pinsAfterClick([one, two], one, true)).toEqual([two, one]);
  expect(pinsAfterClick([one, two], two, false)).toEqual([one]);
  expect(pinsTurned([one, two], two, "key")).toEqual([one, { side: "key", index: 2 }]);
});
