import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { encodeRows } from "../frame/encode";
import { rowsWantOf } from "../frame/testing";
import type { RowsWant } from "../frame/want";
import { Channel } from "./channel";
import { KernelSource } from "./kernelSource";
import { isHeavy, takesLong } from "./slow";
import { CancelledError, SilenceError } from "./source";
import { aboutOf, FakeModel, streamOf, tokensOf } from "./testing";

const rows = (method: string, layer = 0) => rowsWantOf({ method, layer });

const about = aboutOf();
let model: FakeModel;
let source: KernelSource;
let lifetime: AbortController;

beforeEach(() => {
  vi.useFakeTimers();
  model = new FakeModel();
  lifetime = new AbortController();
  const late = (bytes: DataView) => source.accept(bytes);
  source = new KernelSource(
    about,
    new Channel(model.asModel, lifetime.signal, late),
    lifetime.signal,
  );
});

afterEach(() => {
  lifetime.abort();
  vi.useRealTimers();
});

const sent = () =>
  model.sent.map(({ type, want }) => (type === "cancel" ? type : `${want.method} ${want.layer}`));
const ask = (want: RowsWant) => {
  const controller = new AbortController();
  const asked = source.get(want, controller.signal);
  asked.catch(() => undefined);
  return { asked, leave: () => controller.abort() };
};

function answer(want: RowsWant, position: number) {
  const values = new Float32Array(1);
  const empty = { indices: new Uint8Array(1), weights: values, rest: values, received: values };
  const size = { heads: 1, queries: 1, listed: 1, scale: 1, hidden: 0, hiddenMass: [0] };
  const bytes = encodeRows(want, { kind: "rows", ...size, ...empty });
  const reply = { type: "reply", id: model.sent[position]?.id };
  model.emit("msg:custom", reply, [new DataView(bytes.buffer)]);
}

function tell(position: number, done: number, total = 12) {
  const news = { type: "progress", id: model.sent[position]?.id, done, total, what: "max-flow" };
  model.emit("msg:custom", news);
}

it("takes every method but attention for slow, and the paths that follow from it", () => {
  expect([takesLong(about, rows("attention")), takesLong(about, rows("rollout"))]).toEqual([
    false,
    true,
  ]);
  const minus = { layer: 0, heads: null, method: "rollout", fusion: "mean" as const };
  const { full: _, ...one } = rows("attention");
  const matrix = { ...one, kind: "matrix" as const, queries: null, keys: null, size: 9 };
  expect(takesLong(about, { ...matrix, minus: null })).toBe(false);
  expect(takesLong(about, { ...matrix, minus })).toBe(true);
  expect(takesLong(about, { kind: "summary", stream: "self", layer: 0 })).toBe(false);
  expect(takesLong(about, { kind: "predictions", position: null })).toBe(true);
});

describe("what stands beside the picture", () => {
  const beside = { kind: "findings" as const, target: null };
  const askBeside = () => {
    const controller = new AbortController();
    source.get(beside, controller.signal).catch(() => undefined);
    return () => controller.abort();
  };

  it("takes nobody's place, and is not told of", async () => {
    askBeside();
    for (const layer of [0, 1]) ask(rows("max_flow", layer));
    source.prefetch([rows("attention", 3)]);
    expect(sent().slice(1)).toEqual(["max_flow 0", "max_flow 1"]);
    tell(0, 3);
    expect(source.progress.value).toBeNull();
  });

  it("does not keep frames from being fetched ahead", async () => {
    askBeside();
    source.prefetch([rows("attention", 3)]);
    await vi.advanceTimersByTimeAsync(100);
    expect(sent().at(-1)).toBe("attention 3");
  });

  it("stops when nobody wants it any more, and not when a method is cancelled", async () => {
    const leave = askBeside();
    source.cancel();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent()).not.toContain("cancel");
    leave();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent().at(-1)).toBe("cancel");
  });
});

describe("what takes long", () => {
  it("leaves the way free for what does not", () => {
    for (const layer of [0, 1, 2]) ask(rows("max_flow", layer));
    expect(sent()).toEqual(["max_flow 0", "max_flow 1"]);
    ask(rows("attention", 5));
    expect(sent().at(-1)).toBe("attention 5");
  });

  it("says how far it has come, and nothing once it is there", async () => {
    const { asked } = ask(rows("max_flow"));
    expect(source.progress.value).toBeNull();
    tell(0, 3);
    expect(source.progress.value).toEqual({ what: "max-flow", done: 3, total: 12 });
    answer(rows("max_flow"), 0);
    await asked;
    await vi.advanceTimersByTimeAsync(0);
    expect(source.progress.value).toBeNull();
  });

  it("is waited for as long as there is news of it", async () => {
    const { asked } = ask(rows("max_flow"));
    const silent = expect(asked).rejects.toBeInstanceOf(SilenceError);
    for (let done = 1; done < 5; done++) {
      await vi.advanceTimersByTimeAsync(29_000);
      tell(0, done);
    }
    expect(source.answering.value).toBe(true);
    await vi.advanceTimersByTimeAsync(30_000);
    await silent;
  });

  it("stops at a word, what waits for its turn included, and can be asked for again", async () => {
    const all = [0, 1, 2].map((layer) => ask(rows("max_flow", layer)).asked);
    const { asked: quick } = ask(rows("attention"));
    source.cancel();
    for (const asked of all) await expect(asked).rejects.toBeInstanceOf(CancelledError);
    expect(sent().slice(3)).toEqual(["cancel", "cancel"]);
    expect(model.sent.slice(3).map(({ id }) => id)).toEqual([model.sent[0]?.id, model.sent[1]?.id]);
    expect(source.answering.value).toBe(true);
    answer(rows("attention"), 2);
    await quick;
    ask(rows("max_flow", 1));
    expect(sent().at(-1)).toBe("max_flow 1");
  });

  it("is stopped when nobody waits for it any more", async () => {
    const first = ask(rows("rollout"));
    const second = ask(rows("rollout"));
    first.leave();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent()).toEqual(["rollout 0"]);
    second.leave();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent()).toEqual(["rollout 0", "cancel"]);
  });

  it("is cancelled, not failed, when the kernel says so", async () => {
    const { asked } = ask(rows("rollout"));
    const error = { name: "Cancelled", message: "by another page" };
    model.emit("msg:custom", { type: "failure", id: model.sent[0]?.id, error });
    await expect(asked).rejects.toBeInstanceOf(CancelledError);
  });
});

describe("what is fetched ahead of a long text", () => {
  const long = aboutOf([streamOf({ heads: 8, queries: tokensOf(2048) })]);

  beforeEach(() => {
    const late = (bytes: DataView) => source.accept(bytes);
    const channel = new Channel(model.asModel, lifetime.signal, late);
    source = new KernelSource(long, channel, lifetime.signal);
  });

  it("is heavy by the number of its weights", () => {
    expect(isHeavy(long, rows("attention"))).toBe(true);
    expect(isHeavy(long, { ...rows("attention"), heads: [0] })).toBe(false);
    expect(isHeavy(long, { kind: "summary", stream: "self", layer: 0 })).toBe(true);
    expect(isHeavy(about, rows("attention"))).toBe(false);
  });

  it("stops as soon as something is asked for, and goes on when that is there", async () => {
    source.prefetch([rows("attention", 1), rows("attention", 2), rows("attention", 3)]);
    await vi.advanceTimersByTimeAsync(100);
    expect(sent()).toEqual(["attention 1", "attention 2"]);
    ask(rows("attention", 9));
    expect(sent().slice(2).sort()).toEqual(["attention 9", "cancel", "cancel"]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent()).toHaveLength(5);
    answer(rows("attention", 9), sent().indexOf("attention 9"));
    await vi.advanceTimersByTimeAsync(100);
    expect(sent().slice(5).sort()).toEqual(["attention 1", "attention 2"]);
  });

  it("is left to finish when it is what is asked for", async () => {
    source.prefetch([rows("attention", 1)]);
    await vi.advanceTimersByTimeAsync(100);
    const { asked } = ask(rows("attention", 1));
    answer(rows("attention", 1), 0);
    await asked;
    expect(sent()).toEqual(["attention 1"]);
  });

  it("stops when its reader has gone on", async () => {
    ask(rows("attention", 1)).leave();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent()).toEqual(["attention 1", "cancel"]);
  });
});
