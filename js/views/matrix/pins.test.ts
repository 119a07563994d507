import { describe, expect, it } from "vitest";
import type { TokenRef } from "../../state/selection";
import { soloPair, togglePair } from "./pins";

const query = (index: number): TokenRef => ({ side: "query", index });
const key = (index: number): TokenRef => ({ side: "key", index });

describe("the pins of a cell", () => {
  it("are added where one is missing, and both released where none is", () => {
    expect(togglePair([query(9)], 1, 2)).toEqual([query(9), query(1), key(2)]);
    expect(togglePair([key(2)], 1, 2)).toEqual([key(2), query(1)]);
    expect(togglePair([key(2), query(9), query(1)], 1, 2)).toEqual([query(9)]);
  });

  it("are the only ones, or none where they were", () => {
    expect(soloPair([query(9), key(2)], 1, 2)).toEqual([query(1), key(2)]);
    expect(soloPair([key(2), query(1)], 1, 2)).toEqual([]);
  });
});
