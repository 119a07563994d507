import { expect, it } from "vitest";
import { shownHeads, shownSelection } from "./heads";
import { likelyWants, previewWants } from "./prefetch";
import type { Selection } from "./selection";
import { positionAt, targetTokens } from "./target";
import { aboutOf, DEFAULT_SELECTION, streamOf, tokensOf } from "./testing";
import { rowsWant, statisticsWant } from "./wants";

const stream = streamOf({ queries: tokensOf(16) });
const about = aboutOf([stream]);
const selected = (change: Partial<Selection>): Selection => ({
  ...DEFAULT_SELECTION,
  ...{ layer: 2, heads: [1] },
  ...change,
});

it("asks for all heads fused where a method has no picture per head", () => {
  expect(rowsWant(about, selected({ method: "gradient_flow" }), stream).heads).toEqual([1]);
  for (const method of ["rollout", "relevance", "max_flow"] as const) {
    expect(rowsWant(about, selected({ method }), stream, { heads: [3] }).heads).toBeNull();
    expect(statisticsWant(about, selected({ method }), stream, 3).heads).toBeNull();
  }
});

it("shows one head and attention only, or all heads fused, where a view does", () => {
  const neuron = shownSelection(about, selected({ method: "rollout", heads: [1, 3] }), {
    heads: "one",
    attentionOnly: "It shows how attention comes about",
  });
  expect(neuron).toMatchObject({ method: "attention", heads: [1] });
  expect(shownHeads(about, selected({}), { heads: "fused" })).toBeNull();
  expect(shownHeads(about, selected({ method: "max_flow" }), { heads: "several" })).toBeNull();
  expect(shownHeads(about, selected({}), { heads: "several" })).toEqual([1]);
});

it("fetches nothing ahead that goes through all layers", () => {
  for (const method of ["rollout", "relevance", "max_flow"] as const) {
    const wants = likelyWants(about, selected({ method }), stream);
    expect(wants.map(({ kind }) => kind)).toEqual(["summary", "summary", "summary"]);
    expect(previewWants(about, selected({ method }), stream, 0)).toEqual([]);
  }
});

it("fetches only the neighbouring layers of the gradient flow ahead", () => {
  const wants = likelyWants(about, selected({ method: "gradient_flow" }), stream);
  const layers = wants.flatMap((want) => (want.kind === "rows" ? [want.layer] : []));
  expect(layers).toEqual([3, 1, 2]);
});

it("takes targets at the tokens that the model predicts at", () => {
  const at = (name: string, side: "query" | "key") => positionAt({ side, index: 4 }, name);
  expect([at("self", "query"), at("self", "key")]).toEqual([4, 4]);
  expect([at("cross", "query"), at("cross", "key")]).toEqual([4, null]);
  expect([at("encoder", "query"), at("decoder", "key")]).toEqual([null, 4]);
});

it("knows the decoder's tokens as those with predictions", () => {
  const streams = [
    streamOf({ name: "encoder", queries: tokensOf(5) }),
    streamOf({ name: "decoder", queries: tokensOf(7) }),
  ];
  expect(targetTokens(aboutOf(streams)).text).toHaveLength(7);
  expect(targetTokens(aboutOf([stream])).text).toHaveLength(16);
});
