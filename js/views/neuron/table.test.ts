import { describe, expect, it } from "vitest";
import type { NeuronFrame } from "../../frame/neuron";
import type { TokenList } from "../../state/about";
import { revealRow } from "../common/revealRow";
import { stepTo } from "../common/rovingFocus";
import { rowWindow } from "../common/useWindow";
import { dimensionAt, layoutColumns } from "./columns";
import { signedStep } from "./drawStrips";
import { limitsOf, magnitudeAt } from "./limits";
import { keyOrder } from "./order";

function neuronFrame(dimensions: number, change: Partial<NeuronFrame> = {}): NeuronFrame {
  const keyCount = 4;
  return {
    ...{
      kind: "neuron",
      dimensions,
      keyCount,
      bias: null,
      capped: null,
      softcap: null,
      sink: null,
    },
    query: new Float32Array(dimensions).fill(2),
    keys: new Float32Array(keyCount * dimensions).fill(-3),
    scaled: new Float32Array(keyCount),
    allowed: Uint8Array.of(1, 1, 0, 1),
    weights: Float32Array.of(0.2, 0.5, 0, 0.3),
    scale: 1 / Math.sqrt(dimensions),
    ...change,
  };
}

const tokens: TokenList = {
  text: ["a", "bb", "ccc", "d"],
  special: [],
  continues: [],
  segments: [],
};

describe("keyOrder", () => {
  it("is the text's, or by falling weight with masked keys last", () => {
    expect([...keyOrder(neuronFrame(8), "position")]).toEqual([0, 1, 2, 3]);
    expect([...keyOrder(neuronFrame(8), "weight")]).toEqual([1, 3, 0, 2]);
  });

  it("keeps the text's order among equals", () => {
    const even = neuronFrame(8, {
      weights: new Float32Array(4),
      allowed: Uint8Array.of(0, 1, 1, 0),
    });
    expect([...keyOrder(even, "weight")]).toEqual([1, 2, 0, 3]);
  });
});

describe("magnitudeAt", () => {
  it("agrees with sorting to within a percent", () => {
    const values = Float32Array.from(
      { length: 5000 },
      (_, i) => Math.sin(i) ** 5 * 1e3 ** Math.cos(i),
    );
    const sorted = [...values].map(Math.abs).sort((a, b) => a - b);
    for (const share of [0.05, 0.5, 0.95, 0.99]) {
      const exact = sorted[Math.ceil(share * sorted.length) - 1] as number;
      const found = magnitudeAt(values, share);
      expect(found).toBeGreaterThanOrEqual(exact);
      expect(found).toBeLessThan(exact * 1.01);
    }
  });

  it("is positive where all values are zero, so that nothing is divided by zero", () => {
    expect(magnitudeAt(new Float32Array(10), 0.95)).toBeGreaterThan(0);
  });

  it("has scales of their own for vectors and for products", () => {
    const { vectors, products } = limitsOf(neuronFrame(8));
    expect(vectors).toBeCloseTo(3, 1);
    expect(products).toBeCloseTo(6, 1);
  });
});

describe("signedStep", () => {
  it("is the middle for zero, the ends from the limit on", () => {
    expect(signedStep(0, 2)).toBe(128);
    expect([signedStep(-2, 2), signedStep(-9, 2)]).toEqual([0, 0]);
    expect([signedStep(2, 2), signedStep(9, 2)]).toEqual([255, 255]);
  });
});

describe("layoutColumns", () => {
  it.each([32, 64, 128, 256])("fits %i dimensions into 1,000 px", (dimensions) => {
    const { strips, width } = layoutColumns(1000, neuronFrame(dimensions), tokens, true);
    expect(strips?.width).toBeGreaterThanOrEqual(dimensions);
    expect(width).toBeLessThanOrEqual(1000);
  });

  it("never makes a cell narrower than a pixel: the table gets wider than its box", () => {
    const { strips, width } = layoutColumns(400, neuronFrame(256), tokens, true);
    expect(strips?.cell).toBe(1);
    expect(width).toBeGreaterThan(400);
  });

  it("has columns for bias and soft cap only where there are any, and no strips when folded", () => {
    const values = new Float32Array(4);
    const full = neuronFrame(32, { bias: values, capped: values, softcap: 50 });
    const names = layoutColumns(900, full, tokens, false).scores.map(({ name }) => name);
    expect(names).toEqual(["score", "soft cap", "bias"]);
    const plain = layoutColumns(900, neuronFrame(32), tokens, false);
    expect(plain.scores.map(({ name }) => name)).toEqual(["score"]);
    expect(plain.strips).toBeNull();
  });
});

it("names the dimension under the pointer", () => {
  const strip = { cell: 4, width: 128 };
  expect(dimensionAt(0, strip)).toBe(0);
  expect(dimensionAt(127, strip)).toBe(31);
  expect(dimensionAt(128, strip)).toBeNull();
  expect(dimensionAt(-1, strip)).toBeNull();
});

describe("rowWindow", () => {
  it("holds what is in sight, in blocks, within the list", () => {
    const { first, end } = rowWindow(1000 * 24, 480, 24, 2048);
    expect(first).toBeLessThanOrEqual(1000);
    expect(end).toBeGreaterThanOrEqual(1020);
    expect(end - first).toBeLessThan(70);
    expect(rowWindow(0, 480, 24, 5)).toEqual({ first: 0, end: 5 });
    expect(rowWindow(1e6, 480, 24, 100).end).toBe(100);
  });

  it("does not move while scrolling inside a block", () => {
    expect(rowWindow(24 * 24, 24, 24, 500)).toEqual(rowWindow(24 * 30, 24, 24, 500));
  });
});

describe("keys in a list", () => {
  it("step to neighbours and ends, no further", () => {
    expect(stepTo("ArrowDown", 3, 10)).toBe(4);
    expect(stepTo("ArrowUp", 0, 10)).toBe(0);
    expect(stepTo("End", 3, 10)).toBe(9);
    expect(stepTo("Enter", 3, 10)).toBeNull();
  });

  it("scroll a row into sight only when it is not there", () => {
    const list = { clientHeight: 240, scrollTop: 0 } as HTMLElement;
    revealRow(list, 3, 24, 0);
    expect(list.scrollTop).toBe(0);
    revealRow(list, 50, 24, 0);
    expect(list.scrollTop).toBeGreaterThan(51 * 24 - 240);
    expect(list.scrollTop).toBeLessThan(50 * 24);
  });
});
