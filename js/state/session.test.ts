import { afterEach, beforeEach, expect, it } from "vitest";
import { encodeRows } from "../frame/encode";
import { rowsWantOf } from "../frame/testing";
import type { RowsWant } from "../frame/want";
import { createSessions } from "./session";
import { aboutOf, DEFAULT_SELECTION, FakeModel, streamOf, tokensOf } from "./testing";

const WANT = rowsWantOf({ heads: [0], layer: 0 });
const SHORT = aboutOf([streamOf({ layers: 2, queries: tokensOf(2) })], { edition: 1 });

let model: FakeModel;
let lifetime: AbortController;

beforeEach(() => {
  lifetime = new AbortController();
  model = new FakeModel({
    about: aboutOf(),
    snapshot: null,
    head_importance: null,
    identity: "",
    ...DEFAULT_SELECTION,
    layer: 5,
    tokens_selected: [{ side: "key", index: 2 }],
  });
});

afterEach(() => lifetime.abort());

function bytesOf(want: RowsWant, weight: number): DataView {
  const one = Float32Array.of(weight);
  const frame = {
    ...{ kind: "rows" as const, heads: 1, queries: 1, listed: 1, scale: 1, hidden: 0 },
    ...{ indices: Uint8Array.of(0), weights: one, rest: Float32Array.of(0), received: one },
    hiddenMass: [0],
  };
  return new DataView(encodeRows(want, frame).buffer);
}

function answer(place: number, weight: number, edition?: number) {
  const of = edition === undefined ? {} : { edition };
  const reply = { type: "reply", id: model.sent[place]?.id, ...of };
  model.emit("msg:custom", reply, [bytesOf(WANT, weight)]);
}

const never = () => new AbortController().signal;

it("begins anew with another description, and clamps the selection to it", async () => {
  const sessions = createSessions(model.asModel, lifetime.signal);
  const first = sessions.value;
  expect(first.store.selection.value.layer).toBe(5);
  model.update({ about: SHORT, run: "after" });
  await Promise.resolve();
  expect(sessions.value).not.toBe(first);
  expect(sessions.value.store.about).toBe(SHORT);
  expect(sessions.value.store.selection.value).toMatchObject({ layer: 1, tokens_selected: [] });
});

it("forgets the frames of the trace before, those on their way too", async () => {
  const sessions = createSessions(model.asModel, lifetime.signal);
  const asked = sessions.value.source.get(WANT, never());
  answer(0, 0.25);
  expect((await asked).weights[0]).toBe(0.25);
  void sessions.value.source.get({ ...WANT, heads: [1] }, never());
  model.update({ about: SHORT });
  await Promise.resolve();
  const { source } = sessions.value;
  expect(source.peek(WANT)).toBeUndefined();
  answer(1, 0.5);
  expect(source.peek(WANT)).toBeUndefined();
  const anew = source.get(WANT, never());
  answer(2, 0.75, 1);
  expect((await anew).weights[0]).toBe(0.75);
});

it("takes the picture that comes with the description, and no older one", async () => {
  const sessions = createSessions(model.asModel, lifetime.signal);
  model.update({ about: SHORT, snapshot: bytesOf(WANT, 0.5) });
  await Promise.resolve();
  expect(sessions.value.source.peek(WANT)?.weights[0]).toBe(0.5);
  model.update({ about: { ...SHORT, edition: 2 }, snapshot: null });
  await Promise.resolve();
  expect(sessions.value.source.peek(WANT)).toBeUndefined();
});

it("asks for the run of edits and says why there is none", async () => {
  const { edit } = createSessions(model.asModel, lifetime.signal).value;
  const edits = [{ text: "", text_pair: null }];
  const refused = edit?.(edits, {});
  expect(model.sent[0]?.want).toEqual({ kind: "edits", edits });
  const error = { name: "ValueError", message: "text is empty" };
  model.emit("msg:custom", { type: "failure", id: model.sent[0]?.id, error });
  await expect(refused).rejects.toThrow("text is empty");
});

it("leaves no listener behind", () => {
  createSessions(model.asModel, lifetime.signal);
  expect(model.listeners).toBeGreaterThan(0);
  lifetime.abort();
  expect(model.listeners).toBe(0);
});
