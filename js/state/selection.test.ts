import { describe, expect, it } from "vitest";
import { clampSelection } from "./clamp";
import { soloHead, stepHead, toggleHead } from "./heads";
import { isPinned, pinsOn, togglePin, undoNarrowing } from "./pins";
import type { Selection } from "./selection";
import { aboutOf, DEFAULT_SELECTION, streamOf, tokensOf } from "./testing";

const pair = { ...tokensOf(20), segments: [0, 1] };
const encoder = streamOf({ name: "encoder", layers: 6, heads: 12, queries: pair });
const cross = streamOf({
  ...{ name: "cross", layers: 2, heads: 4, projections: false },
  lacks: { methods: {}, views: { neuron: "This trace holds no queries and keys" } },
  ...{ queries: tokensOf(5), keys: tokensOf(20), methods: ["attention", "rollout"] },
});
const about = aboutOf([encoder, cross]);

const selection: Selection = {
  ...DEFAULT_SELECTION,
  stream: "encoder",
  layer: 5,
  heads: [2, 9],
  tokens_selected: [
    { side: "query", index: 4 },
    { side: "query", index: 5 },
    { side: "key", index: 19 },
  ],
  pair_filter: "ab",
};

describe("clampSelection", () => {
  it("leaves alone what the stream has", () => {
    expect(clampSelection(selection, about)).toEqual(selection);
  });

  it("reduces layer, heads, pins and view to what another stream has", () => {
    const clamped = clampSelection({ ...selection, stream: "cross", view: "neuron" }, about);
    expect(clamped).toMatchObject({ stream: "cross", layer: 1, heads: [2], view: "head" });
    expect(clamped.tokens_selected).toEqual([
      { side: "query", index: 4 },
      { side: "key", index: 19 },
    ]);
  });

  it("fuses the heads when none of them is left", () => {
    expect(clampSelection({ ...selection, stream: "cross", heads: [9] }, about).heads).toBeNull();
  });

  it("keeps a method that the other stream has, else falls back to attention", () => {
    const moved = (method: Selection["method"]) =>
      clampSelection({ ...selection, stream: "cross", method }, about).method;
    expect([moved("rollout"), moved("relevance")]).toEqual(["rollout", "attention"]);
  });

  it("compares with what the other stream has", () => {
    const compare_with = { layer: 4, head: 2, method: "max_flow" as const };
    expect(clampSelection({ ...selection, compare_with }, about)).toMatchObject({ compare_with });
    expect(
      clampSelection({ ...selection, compare_with, stream: "cross" }, about).compare_with,
    ).toEqual({ layer: null, head: 2, method: null });
  });

  it("takes the first stream for an unknown one", () => {
    expect(clampSelection({ ...selection, stream: "decoder" }, about).stream).toBe("encoder");
  });
});

describe("head chips", () => {
  it.each([
    [null, 3, [3]],
    [[3], 3, null],
    [[3, 5], 3, [5]],
    [[5], 3, [3, 5]],
  ])("a click on %j, head %i, gives %j", (heads, head, result) => {
    expect(toggleHead(heads, head)).toEqual(result);
  });

  it.each([
    [null, 1, [1]],
    [[0, 1, 2], 1, [1]],
    [[2], 1, [1]],
    [[1], 1, [0, 1, 2]],
  ])("a double-click on %j, head %i, gives %j", (heads, head, result) => {
    expect(soloHead(heads, head, 3)).toEqual(result);
  });

  it("steps from all heads fused to the last one and back", () => {
    expect(stepHead(null, 1, 3)).toEqual([0]);
    expect(stepHead([0], -1, 3)).toBeNull();
    expect(stepHead(null, -1, 3)).toBeNull();
    expect(stepHead([0, 1], 1, 3)).toEqual([2]);
    expect(stepHead([2], 1, 3)).toEqual([2]);
  });
});

describe("pins", () => {
  it("are made in order, and released", () => {
    const [a, b] = [
      { side: "query", index: 1 },
      { side: "key", index: 1 },
    ] as const;
    expect(togglePin([a], b)).toEqual([a, b]);
    expect(togglePin([a, b], { ...a })).toEqual([b]);
    expect([pinsOn([a, b], "query"), pinsOn([a, b], "key")]).toEqual([[1], [1]]);
    expect([isPinned([a], { ...a }), isPinned([a], b)]).toEqual([true, false]);
  });

  it("are undone first, then heads, then the pair filter", () => {
    let now = selection;
    const steps = [];
    for (let change = undoNarrowing(now); change; change = undoNarrowing(now)) {
      steps.push(Object.keys(change)[0]);
      now = { ...now, ...change };
    }
    expect(steps).toEqual(["tokens_selected", "heads", "pair_filter"]);
    expect(now).toMatchObject({ tokens_selected: [], heads: null, pair_filter: "all" });
  });
});
