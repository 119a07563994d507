import { expect, it } from "vitest";
import { type Cut, cutsKey, placesIn } from "../frame/cut";
import { cutInWords, marksIn, type Scope, suggestions } from "./cuts";
import { aboutOf, DEFAULT_SELECTION, streamOf } from "./testing";

const STREAM = streamOf();
const EVERYTHING: Cut = {
  ...{ stream: "self", layers: null, heads: null },
  ...{ queries: null, keys: null, mode: "zero" as const },
};
const SCOPE: Scope = { layers: "this", heads: "shown", mode: "renormalise" };

it("suggests what is pinned and the heads that are shown", () => {
  const none = suggestions(DEFAULT_SELECTION, STREAM, null, SCOPE);
  expect(none).toEqual([]);
  const pinned = {
    ...DEFAULT_SELECTION,
    layer: 2,
    tokens_selected: [
      { side: "query" as const, index: 2 },
      { side: "key" as const, index: 0 },
    ],
  };
  const found = suggestions(pinned, STREAM, [1, 3], SCOPE);
  expect(found.map(({ name }) => name)).toEqual(["line", "key", "query", "head"]);
  const [line, key, query, head] = found.map(({ cut }) => cut);
  expect(line).toEqual({
    ...{ stream: "self", layers: [2], heads: [1, 3] },
    ...{ queries: [2], keys: [0], mode: "renormalise" },
  });
  expect(key?.queries).toBeNull();
  // Without any key nothing is left to share the weight.
  expect(query).toMatchObject({ queries: [2], keys: null, mode: "zero" });
  expect(head).toMatchObject({ layers: [2], heads: [1, 3], queries: null, keys: null });
});

it("widens the scope to all layers and all heads", () => {
  const pinned = { ...DEFAULT_SELECTION, tokens_selected: [{ side: "key" as const, index: 1 }] };
  const [key] = suggestions(pinned, STREAM, [1], { ...SCOPE, layers: "all", heads: "all" });
  expect(key?.cut).toMatchObject({ layers: null, heads: null, keys: [1] });
});

it("marks heads, sources and readers in the layers of a cut", () => {
  const cuts: Cut[] = [
    { ...EVERYTHING, layers: [1], heads: [2] },
    { ...EVERYTHING, keys: [-1], mode: "renormalise" },
    { ...EVERYTHING, queries: { start: 0, stop: 2, step: null } },
    { ...EVERYTHING, queries: [0], keys: [1] },
    { ...EVERYTHING, stream: "cross", heads: [0] },
  ];
  const marks = marksIn(cuts, STREAM, 1);
  expect([...marks.heads]).toEqual([2]);
  expect([...marks.keys]).toEqual([2]);
  expect([...marks.queries]).toEqual([0, 1]);
  expect(marksIn(cuts, STREAM, 0).heads.size).toBe(0);
});

it("says a cut in words", () => {
  const about = aboutOf();
  expect(cutInWords({ ...EVERYTHING, layers: [1], heads: [2] }, about)).toBe(
    "head 2, layer 1; set to 0",
  );
  expect(cutInWords({ ...EVERYTHING, keys: [0], mode: "renormalise" }, about)).toBe(
    "‘t0’ as a source, all heads, all layers; the rest shares the weight",
  );
  expect(cutInWords({ ...EVERYTHING, queries: [1], keys: [0] }, about)).toContain("‘t1’ → ‘t0’");
});

it("names layers in a cut by the model's own numbers", () => {
  const about = aboutOf([streamOf({ layers: 2, layer_numbers: [4, 12] })]);
  expect(cutInWords({ ...EVERYTHING, layers: [-1], heads: [2] }, about)).toBe(
    "head 2, layer 12; set to 0",
  );
});

it("reads indices and slices as Python does", () => {
  expect([...placesIn([-1, 0], 4)]).toEqual([3, 0]);
  expect([...placesIn({ start: -2, stop: null, step: null }, 4)]).toEqual([2, 3]);
  expect([...placesIn({ start: 0, stop: 9, step: 2 }, 4)]).toEqual([0, 2]);
  expect(placesIn(null, 3).size).toBe(3);
});

it("gives one key to cuts whose fields stand in another order", () => {
  const { mode, ...rest } = EVERYTHING;
  expect(cutsKey([{ mode, ...rest }])).toBe(cutsKey([EVERYTHING]));
  expect(cutsKey([EVERYTHING])).not.toBe(cutsKey([{ ...EVERYTHING, keys: [1] }]));
});
