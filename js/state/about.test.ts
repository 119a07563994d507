import { expect, it } from "vitest";
import { rowOf } from "../frame/testing";
import { followedIn } from "./about";
import { streamOf } from "./testing";

it("follows what the stream says, else what the method's row says", () => {
  const attention = rowOf("attention");
  expect(followedIn(streamOf({ followed: { attention: "relevance" } }), attention)).toBe(
    "relevance",
  );
  expect(followedIn(streamOf({ followed: {} }), attention)).toBe("rollout");
  expect(followedIn(streamOf(), attention)).toBe("rollout");
});
