import { expect, it } from "vitest";
import type { StreamAbout } from "./about";
import { likelyWants, previewWants } from "./prefetch";
import type { Selection } from "./selection";
import { aboutOf, DEFAULT_SELECTION, streamOf as streamWith, tokensOf } from "./testing";

const streamOf = (tokens: number, layers = 6) => streamWith({ layers, queries: tokensOf(tokens) });

const selection: Selection = { ...DEFAULT_SELECTION, layer: 2 };

function layersOf(stream: StreamAbout, selected: Selection): number[] {
  return likelyWants(aboutOf([stream]), selected, stream).flatMap((want) =>
    want.kind === "rows" && want.layer !== selected.layer ? [want.layer] : [],
  );
}

it("fetches every layer of a short input, the neighbours first", () => {
  expect(layersOf(streamOf(64), selection)).toEqual([3, 1, 0, 4, 5]);
});

it("fetches only the neighbours of a long input", () => {
  expect(layersOf(streamOf(2048), selection)).toEqual([3, 1]);
});

it("fetches no large rows ahead when every line is shown", () => {
  const every = { ...selection, heads: [0, 1, 2, 3], coverage: 1 };
  expect(layersOf(streamOf(300), every)).toEqual([3, 1]);
  expect(layersOf(streamOf(900), every)).toEqual([]);
});

it("fetches nothing beyond the first and last layer", () => {
  expect(layersOf(streamOf(64, 1), { ...selection, layer: 0 })).toEqual([]);
});

it("fetches the previewed head, then the others in one want", () => {
  const wants = previewWants(aboutOf(), { ...selection, heads: [1] }, streamOf(16), 2);
  expect(wants.map((want) => want.kind === "rows" && want.heads)).toEqual([[2], [0, 3]]);
});
