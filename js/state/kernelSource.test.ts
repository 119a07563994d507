import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { encodeRows } from "../frame/encode";
import type { RowsFrame } from "../frame/rows";
import { rowsWantOf } from "../frame/testing";
import type { RowsWant } from "../frame/want";
import { Channel } from "./channel";
import { KernelSource } from "./kernelSource";
import { KernelError, SilenceError } from "./source";
import { aboutOf, FakeModel } from "./testing";

const rows = (heads: number[] | null, layer = 0) => rowsWantOf({ heads, layer });

/** One query, one key; the weight tells head and layer apart. */
function frameFor(want: RowsWant): RowsFrame {
  const heads = want.heads ?? [99];
  return {
    kind: "rows",
    heads: heads.length,
    queries: 1,
    listed: 1,
    indices: new Uint8Array(heads.length),
    weights: Float32Array.from(heads, (head) => head + want.layer / 16),
    rest: new Float32Array(heads.length),
    received: Float32Array.from(heads),
    scale: 1,
    hidden: 0,
    hiddenMass: heads.map(() => 0),
  };
}

/** Bytes of three frames of one query, one key and one head, and a little more. */
const ROOM_FOR_THREE = 3 * 13 + 6;

let model: FakeModel;
let source: KernelSource;
let lifetime: AbortController;

beforeEach(() => {
  vi.useFakeTimers();
  model = new FakeModel();
  lifetime = new AbortController();
  const late = (bytes: DataView) => source.accept(bytes);
  const channel = new Channel(model.asModel, lifetime.signal, late);
  source = new KernelSource(aboutOf(), channel, lifetime.signal, ROOM_FOR_THREE);
});

afterEach(() => {
  lifetime.abort();
  vi.useRealTimers();
});

const never = () => new AbortController().signal;
const wantOf = (position: number) => model.sent[position]?.want as unknown as RowsWant;

function answer(position: number, want = wantOf(position)) {
  const bytes = new DataView(encodeRows(want, frameFor(want)).buffer);
  model.emit("msg:custom", { type: "reply", id: model.sent[position]?.id }, [bytes]);
}

describe("KernelSource", () => {
  it("asks once, then answers from its cache", async () => {
    const asked = source.get(rows(null), never());
    answer(0);
    expect((await asked).weights[0]).toBe(99);
    expect((await source.get(rows(null), never())).weights[0]).toBe(99);
    expect(source.peek(rows(null))?.weights[0]).toBe(99);
    expect(model.sent).toHaveLength(1);
  });

  it("shares one request among those who ask for the same", async () => {
    const both = Promise.all([source.get(rows([3]), never()), source.get(rows([3]), never())]);
    expect(model.sent).toHaveLength(1);
    answer(0);
    const [first, second] = await both;
    expect(first).toBe(second);
  });

  it("asks only for the heads it lacks and puts the rest together", async () => {
    const first = source.get(rows([3]), never());
    answer(0);
    await first;
    const more = source.get(rows([1, 3, 5]), never());
    expect(wantOf(1).heads).toEqual([1, 5]);
    answer(1);
    expect(Array.from((await more).weights)).toEqual([1, 3, 5]);
    expect(source.peek(rows([5, 1]))?.weights[0]).toBe(5);
  });

  it("does not lose the heads it has while the missing ones arrive", async () => {
    for (const [position, head] of [3, 7, 8].entries()) {
      const asked = source.get(rows([head]), never());
      answer(position);
      await asked;
    }
    const more = source.get(rows([3, 5, 6]), never());
    answer(3);
    expect(Array.from((await more).weights)).toEqual([3, 5, 6]);
  });

  it("passes on what the kernel says went wrong, and asks again", async () => {
    const asked = source.get(rows([3]), never());
    const error = { name: "IndexError", message: "layer 9 of 6" };
    model.emit("msg:custom", { type: "failure", id: model.sent[0]?.id, error });
    await expect(asked).rejects.toThrow(new KernelError("layer 9 of 6"));
    const fault = { name: "KeyError", message: "'layer'" };
    const other = source.get(rows([4]), never());
    model.emit("msg:custom", { type: "failure", id: model.sent[1]?.id, error: fault });
    await expect(other).rejects.toThrow(new KernelError("KeyError: 'layer'"));
    const again = source.get(rows([3]), never());
    answer(2);
    expect((await again).weights[0]).toBe(3);
  });

  it("gives up after ten seconds, takes a late answer, and answers again", async () => {
    const asked = source.get(rows(null), never());
    const refused = expect(asked).rejects.toBeInstanceOf(SilenceError);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(source.answering.value).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    await refused;
    expect(source.answering.value).toBe(false);
    answer(0);
    expect(source.peek(rows(null))).toBeDefined();
    expect(source.answering.value).toBe(true);
  });

  it("rejects at once when aborted, but keeps the answer when it comes", async () => {
    const controller = new AbortController();
    const asked = source.get(rows(null), controller.signal);
    controller.abort();
    await expect(asked).rejects.toHaveProperty("name", "AbortError");
    answer(0);
    await vi.advanceTimersByTimeAsync(0);
    expect(source.peek(rows(null))).toBeDefined();
  });

  it("has three requests under way at most, the newest first, and drops those nobody waits for", () => {
    const controllers = [0, 1, 2, 3, 4].map(() => new AbortController());
    controllers.forEach(({ signal }, layer) => {
      source.get(rows(null, layer), signal).catch(() => undefined);
    });
    expect(model.sent.map(({ want }) => want.layer)).toEqual([0, 1, 2]);
    controllers[3]?.abort();
    return vi.advanceTimersByTimeAsync(0).then(async () => {
      answer(0);
      await vi.advanceTimersByTimeAsync(0);
      expect(model.sent.map(({ want }) => want.layer)).toEqual([0, 1, 2, 4]);
      answer(1);
      answer(2);
      await vi.advanceTimersByTimeAsync(0);
      expect(model.sent).toHaveLength(4);
    });
  });

  it("prefetches two at a time, when idle, and forgets what is no longer wished for", async () => {
    source.prefetch([1, 2, 3, 4].map((layer) => rows(null, layer)));
    expect(model.sent).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(100);
    expect(model.sent.map(({ want }) => want.layer)).toEqual([1, 2]);
    answer(0);
    await vi.advanceTimersByTimeAsync(0);
    expect(model.sent.map(({ want }) => want.layer)).toEqual([1, 2, 3]);
    source.prefetch([rows(null, 7)]);
    answer(1);
    answer(2);
    await vi.advanceTimersByTimeAsync(100);
    expect(model.sent.map(({ want }) => want.layer)).toEqual([1, 2, 3, 7]);
  });

  it("leaves the line to what is asked for while it prefetches", async () => {
    source.prefetch([1, 2, 3].map((layer) => rows(null, layer)));
    await vi.advanceTimersByTimeAsync(100);
    void source.get(rows(null, 9), never());
    expect(model.sent.map(({ want }) => want.layer)).toEqual([1, 2, 9]);
    answer(0);
    await vi.advanceTimersByTimeAsync(0);
    expect(model.sent).toHaveLength(3);
  });

  it("does not take another page's answer for its own", async () => {
    const asked = source.get(rows([1]), never());
    const refused = expect(asked).rejects.toThrow("another frame");
    answer(0, rows([2]));
    await refused;
  });

  it("frees its frames and listeners at the end", async () => {
    const asked = source.get(rows(null), never());
    answer(0);
    await asked;
    lifetime.abort();
    expect(source.peek(rows(null))).toBeUndefined();
    expect(model.listeners).toBe(0);
  });
});
