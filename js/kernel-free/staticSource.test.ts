import { expect, it, vi } from "vitest";
import { encodeRows } from "../frame/encode";
import { rowsWantOf } from "../frame/testing";
import { NotIncludedError } from "../state/source";
import { aboutOf } from "../state/testing";
import { DamagedError } from "./payload";
import { StaticSource } from "./staticSource";

const about = aboutOf();
const { signal } = new AbortController();

/** A frame of one row, of a layer. */
function rowsOf(layer: number): Uint8Array {
  return encodeRows(rowsWantOf({ layer }), {
    ...{ kind: "rows", heads: 1, queries: 1, listed: 1, scale: 1, hidden: 0, hiddenMass: [0] },
    indices: Uint32Array.of(0),
    weights: Float32Array.of(1),
    rest: Float32Array.of(0),
    received: Float32Array.of(1),
  });
}

it("has at hand what it begins with, and reads the rest when more is asked for, once", async () => {
  const readRest = vi.fn(async () => [rowsOf(1), rowsOf(2)]);
  const source = new StaticSource(about, [rowsOf(0)], readRest);
  expect((await source.get(rowsWantOf({ layer: 0 }), signal)).kind).toBe("rows");
  expect(source.peek(rowsWantOf({ layer: 1 }))).toBeUndefined();
  expect(readRest).not.toHaveBeenCalled();
  const both = [1, 2].map((layer) => source.get(rowsWantOf({ layer }), signal));
  expect((await Promise.all(both)).map(({ kind }) => kind)).toEqual(["rows", "rows"]);
  await source.complete();
  expect(readRest).toHaveBeenCalledOnce();
  expect(source.arrivals.value).toBe(1);
});

it("says what is not included only once it has read everything", async () => {
  const source = new StaticSource(about, [], async () => [rowsOf(1)]);
  expect(source.lacks(rowsWantOf({ layer: 3 }))).toBe(false);
  await expect(source.get(rowsWantOf({ layer: 3 }), signal)).rejects.toThrow(NotIncludedError);
  expect([3, 1].map((layer) => source.lacks(rowsWantOf({ layer })))).toEqual([true, false]);
  expect(source.peek(rowsWantOf({ layer: 1 }))).toBeDefined();
});

it("says of what is damaged that it is, to everybody who asks", async () => {
  const source = new StaticSource(about, [], () => Promise.reject(new DamagedError("Changed.")));
  for (const asked of [source.complete(), source.get(rowsWantOf(), signal)]) {
    await expect(asked).rejects.toThrow(DamagedError);
  }
});
