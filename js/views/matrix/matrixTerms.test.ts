import { describe, expect, it } from "vitest";
import { INVENTED } from "../../frame/testing";
import type { Selection } from "../../state/selection";
import { aboutOf, DEFAULT_SELECTION, streamOf, tokensOf } from "../../state/testing";
import { firstTerm, matrixWant, secondTerm } from "./matrixTerms";
import { termInWords } from "./words";

const stream = streamOf({ queries: tokensOf(2000) });
const about = aboutOf([stream]);
const selection = (change: Partial<Selection>): Selection => ({ ...DEFAULT_SELECTION, ...change });

describe("the second matrix", () => {
  it("is the same layer by rollout, or by attention where the first is another method", () => {
    const heads = { layer: 3, heads: [1] };
    expect(secondTerm(about, selection(heads), stream)).toEqual({
      ...{ layer: 3, heads: null, method: "rollout" },
    });
    expect(secondTerm(about, selection({ ...heads, method: "relevance" }), stream)).toEqual({
      ...{ layer: 3, heads: [1], method: "attention" },
    });
  });

  it("is by the method that the row names, or by the default where a stream lacks it", () => {
    const invented = selection({ method: INVENTED.name });
    expect(secondTerm(about, invented, stream).method).toBe("relevance");
    const other = streamOf({ methods: ["attention", INVENTED.name] });
    expect(secondTerm(about, invented, other).method).toBe("attention");
  });

  it("is as the first but for what is chosen", () => {
    const compare_with = { layer: null, head: 2, method: null };
    expect(secondTerm(about, selection({ layer: 1, compare_with }), stream)).toEqual({
      ...{ layer: 1, heads: [2], method: "attention" },
    });
  });
});

it("asks for all heads where a method does not tell them apart", () => {
  expect(firstTerm(about, selection({ heads: [1], method: "max_flow" })).heads).toBeNull();
});

it("asks for a tile of a long input, and for what is subtracted", () => {
  const section = { queries: [0, 2000], keys: [100, 150] } as const;
  const minus = { layer: 2, heads: [0], method: "attention" } as const;
  const chosen = selection({ fusion: "max" });
  const want = matrixWant(about, chosen, stream, section, firstTerm(about, chosen), {
    ...minus,
    heads: [0],
  });
  expect(want).toMatchObject({
    ...{ kind: "matrix", queries: null, keys: [96, 152], size: 512 },
    minus: { ...minus, fusion: "max" },
  });
});

it("is named by layers, heads and method", () => {
  expect(termInWords(about, stream, { layer: 3, heads: [5], method: "attention" }, "mean")).toBe(
    "Layer 3, head 5, attention",
  );
  expect(
    termInWords(about, stream, { layer: 3, heads: [0, 2, 4], method: "attention" }, "max"),
  ).toBe("Layer 3, heads 0, 2 and 4 (max), attention");
  expect(termInWords(about, stream, { layer: 3, heads: null, method: INVENTED.name }, "mean")).toBe(
    "Layer 3, all heads, echo depth",
  );
  expect(termInWords(about, stream, { layer: 3, heads: null, method: "rollout" }, "mean")).toBe(
    "Layers 0 to 3 together, all heads (mean), rollout",
  );
});
