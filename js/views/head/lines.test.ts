import { describe, expect, it } from "vitest";
import { signs } from "../../../attnwidget/shared/colors.json";
import { headColor } from "../../draw/palette";
import type { RowsFrame } from "../../frame/rows";
import { coveringCount } from "./coverage";
import { collectLines, countAll } from "./lines";
import { noteOf } from "./note";
import { colorOf, strengthOf } from "./paint";
import type { Scene } from "./scene";

/** Softmax-like rows of pseudo-random weights, sorted; `listed` of `keys` are kept. */
function randomFrame(heads: number, queries: number, keys: number, listed: number): RowsFrame {
  let seed = 7;
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  const rows = heads * queries;
  const frame: RowsFrame = {
    kind: "rows",
    heads,
    queries,
    listed,
    indices: new Uint16Array(rows * listed),
    weights: new Float32Array(rows * listed),
    rest: new Float32Array(rows),
    received: new Float32Array(heads * keys),
    scale: 1,
    hidden: 0,
    hiddenMass: [],
  };
  for (let row = 0; row < rows; row++) {
    const raw = Array.from({ length: keys }, (_, key) => ({ key, weight: random() ** 4 }));
    const sum = raw.reduce((total, { weight }) => total + weight, 0);
    raw.sort((a, b) => b.weight - a.weight);
    raw.forEach(({ key, weight }, at) => {
      if (at >= listed) {
        frame.rest[row] = (frame.rest[row] ?? 0) + weight / sum;
        return;
      }
      frame.indices[row * listed + at] = key;
      frame.weights[row * listed + at] = weight / sum;
    });
  }
  return frame;
}

/** Fewest entries by trying every count, from the definition. */
function fewest(weights: number[], coverage: number): number {
  for (let count = 0; count <= weights.length; count++) {
    const held = weights.slice(0, count).reduce((a, b) => a + b, 0);
    if (held >= coverage - 1e-3) return count;
  }
  return weights.length;
}

describe("coverage", () => {
  it.each([0.1, 0.5, 0.8, 0.95])("takes the fewest entries that hold %f", (coverage) => {
    const frame = randomFrame(2, 9, 13, 13);
    for (let row = 0; row < 18; row++) {
      const weights = Array.from(frame.weights.subarray(row * 13, (row + 1) * 13));
      expect(coveringCount(frame, row, coverage)).toBe(fewest(weights, coverage));
    }
  });

  it("counts what is not listed as mass", () => {
    const frame = randomFrame(1, 4, 40, 8);
    for (let row = 0; row < 4; row++) {
      const weights = Array.from(frame.weights.subarray(row * 8, (row + 1) * 8));
      expect(coveringCount(frame, row, 0.7)).toBe(fewest(weights, 0.7));
    }
    expect(coveringCount(frame, 0, 0.999)).toBe(8);
  });

  it("takes every entry that has a weight at full coverage, and none of an empty row", () => {
    const frame = randomFrame(1, 2, 4, 4);
    frame.weights.set([0.6, 0.4, 0, 0], 0);
    frame.weights.fill(0, 4);
    expect(coveringCount(frame, 0, 1)).toBe(2);
    expect(coveringCount(frame, 1, 0.8)).toBe(0);
  });
});

describe("collectLines", () => {
  const frame = randomFrame(3, 10, 10, 10);

  it("gives lines the head, tokens and weight of their entries", () => {
    const lines = collectLines(frame, 1, null, 1000);
    expect(lines.count).toBe(300);
    for (let i = 0; i < lines.count; i++) {
      const row = (lines.head[i] as number) * 10 + (lines.query[i] as number);
      const keys = frame.indices.subarray(row * 10, row * 10 + 10);
      const at = row * 10 + keys.indexOf(lines.key[i] as number);
      expect(lines.weight[i]).toBe(frame.weights[at]);
    }
    expect(lines.top).toBe(Math.max(...frame.weights));
  });

  it("keeps only lines of the tokens in focus", () => {
    const focus = { queries: new Set([4]), keys: new Set([7]) };
    const lines = collectLines(frame, 1, focus, 1000);
    expect(lines.count).toBe(3 * (10 + 10 - 1));
    for (let i = 0; i < lines.count; i++) {
      expect(lines.query[i] === 4 || lines.key[i] === 7).toBe(true);
    }
  });

  it("keeps the strongest when there are too many", () => {
    const all = collectLines(frame, 1, null, 1000);
    const some = collectLines(frame, 1, null, 50);
    expect(some.covering).toBe(300);
    expect(some.count).toBeLessThanOrEqual(50);
    expect(some.count).toBeGreaterThan(40);
    const sorted = Array.from(all.weight).sort((a, b) => b - a);
    const kept = Array.from(some.weight).sort((a, b) => b - a);
    expect(kept).toEqual(sorted.slice(0, some.count));
  });

  it("counts all pairs there are", () => {
    expect(countAll(frame, 10, false)).toBe(300);
    expect(countAll(randomFrame(2, 100, 100, 8), 100, true)).toBe(2 * 5050);
  });
});

describe("values with signs", () => {
  const frame = randomFrame(1, 2, 4, 4);
  frame.weights.set([-0.6, 0.3, -0.1, 0, 0.5, -0.5, 0, 0]);
  frame.indices.set([3, 1, 0, 2, 0, 1, 2, 3]);

  it("cover a row by their magnitudes", () => {
    expect(coveringCount(frame, 0, 0.6)).toBe(1);
    expect(coveringCount(frame, 0, 0.8)).toBe(2);
    expect(coveringCount(frame, 0, 1)).toBe(3);
    expect(countAll(frame, 4, false)).toBe(5);
  });

  it("are chosen by their magnitudes and keep their signs", () => {
    const lines = collectLines(frame, 1, null, 3);
    expect([...lines.weight]).toEqual([-0.6, 0.5, -0.5].map(Math.fround));
    expect(lines.top).toBeCloseTo(0.6);
    expect(lines.covering).toBe(5);
  });

  it("have the colour of their sign, others that of their head", () => {
    const heads = [4, 7];
    const signed = { heads, isSigned: true, scheme: "light" } as Scene;
    expect(colorOf(signed, 0, 0.2)).toBe(signs.light.positive);
    expect(colorOf(signed, 1, -0.2)).toBe(signs.light.negative);
    expect(colorOf({ ...signed, isSigned: false }, 1, 0.2)).toBe(headColor(7, "light"));
    expect(strengthOf(-0.25, 1)).toBe(0.5);
  });

  it("are said to be covered by magnitude", () => {
    const lines = collectLines(frame, 0.8, null, 100);
    expect(noteOf(lines, frame, 0.8, 4, false, 0, true)).toBe(
      "showing 80 % of each row’s magnitudes; 4 of 5 lines",
    );
    expect(noteOf(lines, frame, 0.8, 4, false, 0, false)).toContain("80 % of each row;");
  });
});
