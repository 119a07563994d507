import { describe, expect, it } from "vitest";
import type { RawFrame } from "./bytes";
import { decodePaths, shareAt, totalAt } from "./paths";
import { ABOUT_METHODS } from "./testing";
import { type PathsWant, wantKey } from "./want";

/** Two steps over two tokens; half of token 1 stays its own at each. */
const raw: RawFrame = {
  header: {
    method: "rollout",
    levels: [
      { stream: "self", layer: 0 },
      { stream: "self", layer: 1 },
    ],
  },
  arrays: {
    shares: array("float32", [3, 2], Float32Array.of(0.75, 0.25, 0.5, 0.5, 0, 1)),
    steps: array("uint16", [4], Uint16Array.of(1, 1, 0, 0)),
    uppers: array("uint32", [4], Uint32Array.of(1, 1, 0, 1)),
    lowers: array("uint32", [4], Uint32Array.of(0, 1, 0, 0)),
    edges: array("float32", [4], Float32Array.of(0.5, 0.5, 0.5, 0.25)),
    arriving: array("float32", [2], Float32Array.of(0.75, 0.25)),
  },
};

function array(dtype: string, shape: number[], values: RawFrame["arrays"][string]["values"]) {
  return { dtype, shape, values };
}

describe("decodePaths", () => {
  it("reads shares level by level", () => {
    const frame = decodePaths(raw);
    expect([frame.nodes, frame.method, frame.levels.length]).toEqual([2, "rollout", 2]);
    expect([shareAt(frame, 0, 0), shareAt(frame, 2, 1)]).toEqual([0.75, 1]);
    expect([0, 1, 2].map((level) => totalAt(frame, level))).toEqual([1, 1, 1]);
  });

  it("refuses edges, levels and bars of other lengths, and integers that are floats", () => {
    const change = (name: string, values: RawFrame["arrays"][string]["values"]) => {
      const changed = { ...raw.arrays, [name]: array("other", [values.length], values) };
      return () => decodePaths({ ...raw, arrays: changed });
    };
    expect(change("steps", Uint16Array.of(0))).toThrow(/"steps" holds 1 values.*not 4/);
    expect(change("uppers", new Float32Array(4))).toThrow(/"uppers".*Uint32Array/);
    expect(change("arriving", new Float32Array(3))).toThrow(/"arriving" has 3 values, not 2/);
    const short = { ...raw.header, levels: [] };
    expect(() => decodePaths({ ...raw, header: short })).toThrow(/3 levels.*0 steps/);
  });
});

it("tells wants of paths apart by what the method uses", () => {
  const want: PathsWant = {
    ...{ kind: "paths", stream: "self", method: "rollout", fusion: "mean", discard_ratio: 0 },
    ...{ target: null, level: null, index: 4, via: null, most: 100 },
  };
  const keyOf = (other: PathsWant) => wantKey(ABOUT_METHODS, other);
  const key = keyOf(want);
  expect(keyOf({ ...want, fusion: "max" })).not.toBe(key);
  expect(keyOf({ ...want, via: [1, 2] })).not.toBe(key);
  expect(keyOf({ ...want, ...{ discard_ratio: 0.5 } })).not.toBe(key);
  expect(keyOf({ ...want, ...{ target: { kind: "hidden" } } })).toBe(key);
  const relevance: PathsWant = { ...want, method: "relevance" };
  expect(keyOf({ ...relevance, fusion: "max" })).toBe(keyOf(relevance));
});
