import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Traits } from "./model";
import { createStore, type Store } from "./store";
import { aboutOf, DEFAULT_SELECTION, FakeModel, streamOf } from "./testing";

const state: Traits = {
  about: aboutOf([
    streamOf({ name: "encoder", layers: 6, heads: 12 }),
    streamOf({ name: "cross", layers: 2, heads: 4, methods: ["attention", "rollout"] }),
  ]),
  snapshot: null,
  head_importance: null,
  identity: "",
  ...DEFAULT_SELECTION,
  stream: "encoder",
  layer: 5,
  heads: [9],
};

let model: FakeModel;
let store: Store;
let lifetime: AbortController;
const snapshots: { layer: number }[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  snapshots.length = 0;
  lifetime = new AbortController();
  model = new FakeModel({ ...state });
  store = createStore(model.asModel, lifetime.signal, () =>
    snapshots.push({ layer: store.selection.peek().layer }),
  );
});

afterEach(() => {
  lifetime.abort();
  vi.useRealTimers();
});

it("sets a change on the model and saves it once", () => {
  store.select({ layer: 2, heads: null });
  expect(store.selection.value).toMatchObject({ layer: 2, heads: null });
  expect([model.get("layer"), model.get("heads"), model.saves]).toEqual([2, null, 1]);
});

it("clamps the rest when the stream changes, all in one update", () => {
  store.select({ stream: "cross" });
  expect(store.selection.value).toMatchObject({ stream: "cross", layer: 1, heads: null });
  expect([model.get("layer"), model.get("heads"), model.saves]).toEqual([1, null, 1]);
});

it("lets go of the nodes of the trace view when the stream changes", () => {
  store.select({ trace_node: { level: 2, index: 1 }, trace_via: { level: 0, index: 0 } });
  store.select({ layer: 1 });
  expect(store.selection.value.trace_node).toEqual({ level: 2, index: 1 });
  store.select({ stream: "cross" });
  expect(store.selection.value).toMatchObject({ trace_node: null, trace_via: null });
});

it("saves a drag at most every 60 ms, and its last value for certain", () => {
  for (const coverage of [0.7, 0.6, 0.5, 0.4]) store.select({ coverage });
  expect(model.saves).toBe(1);
  vi.advanceTimersByTime(60);
  expect(model.saves).toBe(2);
  vi.advanceTimersByTime(1000);
  expect(model.saves).toBe(2);
  expect(model.get("coverage")).toBe(0.4);
});

it("does nothing when nothing changes", () => {
  store.select({ layer: 5, heads: [9] });
  expect(model.saves).toBe(0);
});

it("sees an update from Python whole, after the frame that came with it", async () => {
  const seen: string[] = [];
  store.selection.subscribe(({ stream, layer }) => seen.push(`${stream} ${layer}`));
  const snapshot = new DataView(new ArrayBuffer(8));
  model.update({ stream: "cross", layer: 0, heads: [3], snapshot });
  await vi.advanceTimersByTimeAsync(0);
  expect(seen).toEqual(["encoder 5", "cross 0"]);
  expect(snapshots).toEqual([{ layer: 5 }]);
});

it("lets go of the model at the end", () => {
  lifetime.abort();
  expect(model.listeners).toBe(0);
});
