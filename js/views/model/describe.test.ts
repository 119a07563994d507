import { describe, expect, it } from "vitest";
import type { SummaryFrame } from "../../frame/summary";
import { INVENTED, rowOf } from "../../frame/testing";
import type { ThumbnailsFrame } from "../../frame/thumbnails";
import { streamOf, tokensOf } from "../../state/testing";
import { headCharacter, headName } from "./describe";
import { poolingNote } from "./Legend";

const attention = rowOf("attention");
const summary: SummaryFrame = {
  kind: "summary",
  entropy: Float32Array.of(0.25, 0.9),
  effective: Float32Array.of(2, 20),
  first: Float32Array.of(0.5, 0.1),
  diagonal: Float32Array.of(0.1, 0.1),
  previous: Float32Array.of(0.75, 0.1),
};

it("names a head", () => {
  expect(headName(streamOf(), 3, 5, attention)).toBe("layer 3, head 5");
  const hybrid = streamOf({ layer_numbers: [4, 12, 20] });
  expect(headName(hybrid, 1, 5, attention)).toBe("layer 12, head 5");
});

describe("headCharacter", () => {
  it("says the strongest habit where there is one", () => {
    expect(headCharacter(summary, 0, attention)).toBe("entropy 0.250, 75.0 % to the token before");
  });

  it("says the entropy alone where there is none, and nothing without figures", () => {
    expect(headCharacter(summary, 1, attention)).toBe("entropy 0.900");
    expect(headCharacter(undefined, 0, attention)).toBe("");
    expect(headCharacter(summary, 2, attention)).toBe("");
  });
});

describe("poolingNote", () => {
  const stream = (queries: number, keys: number) =>
    streamOf({ queries: tokensOf(queries), keys: tokensOf(keys) });
  const frame = (rows: number, columns: number): ThumbnailsFrame => ({
    ...{ kind: "thumbnails", heads: 1, rows, columns, top: 1, signed: false },
    cells: new Uint8Array(rows * columns),
  });

  it("is silent when every pair of tokens has its cell", () => {
    expect(poolingNote(frame(12, 30), stream(12, 30), attention)).toBe("");
  });

  it("says what a cell stands for when there are fewer cells than pairs", () => {
    expect(poolingNote(frame(12, 48), stream(12, 1500), attention)).toBe(
      "12 × 1,500 tokens in 12 × 48 cells: each the largest weight it covers",
    );
  });

  it("names the values of the method, and goes by magnitude where they have signs", () => {
    const relevance = poolingNote(frame(1, 1), stream(2, 2), rowOf("relevance"));
    expect(relevance).toContain("each the largest relevance it covers");
    const echo = poolingNote(frame(1, 1), stream(2, 2), INVENTED);
    expect(echo).toContain("each the echo of largest magnitude it covers");
  });
});
