/** A method that no source file knows works by its row alone. */
import { describe, expect, it } from "vitest";
import type { RangeSetting } from "../frame/method";
import { INVENTED } from "../frame/testing";
import { clampSelection } from "./clamp";
import { likelyWants } from "./prefetch";
import { changeOfSetting } from "./selection";
import { takesLong } from "./slow";
import { createStore } from "./store";
import { aboutOf, DEFAULT_SELECTION, FakeModel, streamOf, tokensOf } from "./testing";
import { rowsWant, thumbnailsWant } from "./wants";

const { name } = INVENTED;
const [decay, reach] = INVENTED.settings as [RangeSetting, RangeSetting];
const stream = streamOf({ queries: tokensOf(8), methods: ["attention", name] });
const about = aboutOf([stream]);
const settings = { echo_decay: 0.3, echo_reach: 5 };
const selection = { ...DEFAULT_SELECTION, ...settings, method: name, layer: 2, heads: [1] };

it("is asked for by head and with its settings", () => {
  expect(rowsWant(about, selection, stream)).toMatchObject({
    method: name,
    heads: [1],
    ...settings,
  });
  expect(thumbnailsWant(about, selection, stream, 0, 48)).toMatchObject(settings);
});

it("is fetched ahead and never queues with what takes long, as its row says", () => {
  const want = rowsWant(about, selection, stream);
  const layers = likelyWants(about, selection, stream).flatMap((each) =>
    each.kind === "rows" ? [each.layer] : [],
  );
  expect(layers).toEqual([3, 1, 0, 4, 5, 2]);
  expect(takesLong(about, want)).toBe(false);
  const slow = { ...INVENTED, is_quick: false };
  expect(takesLong({ methods: [slow] }, want)).toBe(true);
});

it("gives way to the default where a stream does not allow it", () => {
  const other = aboutOf([streamOf({ methods: ["attention"] })]);
  expect(clampSelection(selection, about).method).toBe(name);
  expect(clampSelection(selection, other).method).toBe("attention");
});

describe("in the store", () => {
  const model = new FakeModel({ ...selection, about });
  const store = createStore(model.asModel, new AbortController().signal, () => undefined);

  it("has its settings read from the traits of their names and set there", () => {
    expect(store.selection.value).toMatchObject(settings);
    store.select(changeOfSetting(reach, 6));
    expect(model.get(reach.name as "layer")).toBe(6);
    expect(store.selection.value).toMatchObject({ echo_decay: 0.3, echo_reach: 6 });
  });

  it("follows a setting that Python sets", async () => {
    model.update(changeOfSetting(decay, 0.9));
    await Promise.resolve();
    expect(store.selection.value).toMatchObject({ echo_decay: 0.9 });
  });
});
