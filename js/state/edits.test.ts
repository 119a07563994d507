import { expect, it } from "vitest";
import {
  type Edit,
  editsOnScreen,
  isInPlace,
  placeToEdit,
  refusalAt,
  withEdit,
  withoutEdit,
} from "./edits";
import { createStore } from "./store";
import { aboutOf, DEFAULT_SELECTION, FakeModel, streamOf, tokensOf } from "./testing";

const text: Edit = { text: "a b", text_pair: null };
const token: Edit = { stream: "self", index: 1, token: 7 };

it("puts a token in one place once, and a text in the place of all", () => {
  expect(withEdit([token], { ...token, token: 8 })).toEqual([{ ...token, token: 8 }]);
  expect(withEdit([text, token], { ...token, index: 0 })).toHaveLength(3);
  expect(withEdit([text, token], { text: "c", text_pair: null })).toHaveLength(1);
});

it("undoes tokens one by one, and with a text what was replaced in it", () => {
  expect(withoutEdit([text, token], 1)).toEqual([text]);
  expect(withoutEdit([text, token], 0)).toEqual([]);
  expect(withoutEdit([token, { ...token, index: 2 }], 0)).toEqual([{ ...token, index: 2 }]);
});

it("adds to the run on the screen", () => {
  const about = aboutOf([streamOf()], { compared: ["a", "b"], edits: ["‘t1’ → ‘x’ at 1"] });
  const selection = { ...DEFAULT_SELECTION, edits: [token] };
  expect(editsOnScreen(about, { ...selection, run: "after" })).toEqual([token]);
  expect(editsOnScreen(about, { ...selection, run: "before" })).toEqual([]);
});

it("edits the token that was pinned last, where it is read", () => {
  const cross = streamOf({ name: "cross", keys: tokensOf(5) });
  const pins = [{ side: "key" as const, index: 4 }];
  expect(placeToEdit([], cross)).toBeNull();
  expect(placeToEdit(pins, cross)).toEqual({ stream: "cross", index: 4 });
  expect(placeToEdit([...pins, { side: "query", index: 2 }], cross)).toEqual({
    stream: "decoder",
    index: 2,
  });
  expect(placeToEdit([{ side: "query", index: 2 }], streamOf())).toEqual({
    stream: "self",
    index: 2,
  });
});

it("says why a token cannot be replaced", () => {
  const edit = { texts: [], no_text: null, mask: null, refused: { self: null, vision: "patches" } };
  const fixed = { self: [0] };
  expect(refusalAt({ ...edit, fixed }, { stream: "self", index: 1 })).toBeNull();
  expect(refusalAt({ ...edit, fixed }, { stream: "self", index: 0 })).toMatch("part of an image");
  expect(refusalAt({ ...edit, fixed }, { stream: "vision", index: 1 })).toBe("patches");
  expect(refusalAt({ ...edit, fixed }, { stream: "decoder", index: 1 })).toMatch("not read");
});

it("keeps pins from run to run where tokens stand in the place of others", () => {
  const after = { streams: [streamOf({ queries: { ...tokensOf(3), text: ["t0", "x", "t2"] } })] };
  const about = aboutOf([streamOf()], { compared: ["a", "b"], runs: { after } });
  const pins = [{ side: "key" as const, index: 1 }];
  for (const [edits, kept] of [
    [[token], pins],
    [[text], []],
  ] as const) {
    expect(isInPlace([...edits])).toBe(kept.length > 0);
    const state = { ...DEFAULT_SELECTION, edits: [...edits], tokens_selected: pins };
    const model = new FakeModel({ about, ...state });
    const store = createStore(model.asModel, new AbortController().signal, () => undefined);
    store.select({ run: "after" });
    expect(store.selection.value.tokens_selected).toEqual(kept);
  }
});
