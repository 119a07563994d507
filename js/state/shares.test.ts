import { expect, it } from "vitest";
import type { RowsFrame } from "../frame/rows";
import { rankFor, received } from "./shares";

/** Two heads, one query, three keys; values have signs. */
const frame: RowsFrame = {
  ...{ kind: "rows", heads: 2, queries: 1, listed: 3, scale: 1, hidden: 0, hiddenMass: [0, 0] },
  indices: Uint8Array.of(2, 0, 1, 0, 2, 1),
  weights: Float32Array.of(-0.5, 0.25, 0, 0.5, 0.25, -0.125),
  rest: new Float32Array(2),
  received: Float32Array.of(0.25, 0, -0.5, 0.5, -0.125, 0.25),
};

it("ranks the keys of a query by magnitude and adds up heads with their signs", () => {
  const { shares } = rankFor(frame, { side: "query", index: 0 });
  expect(shares.map(({ index, mean }) => [index, mean])).toEqual([
    [0, 0.375],
    [2, -0.125],
    [1, -0.0625],
  ]);
  expect(shares[1]?.byHead).toEqual([-0.5, 0.25]);
});

it("ranks what keys receive by magnitude", () => {
  expect(received(frame).shares.map(({ index }) => index)).toEqual([0, 2, 1]);
});
