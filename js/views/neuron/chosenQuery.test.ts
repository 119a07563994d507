import { describe, expect, it } from "vitest";
import type { TokenRef } from "../../state/selection";
import { streamOf } from "../../state/testing";
import { chosenQuery, clickQuery, moveQuery } from "./chosenQuery";

const stream = streamOf({
  queries: {
    text: ["[CLS]", "a", "b", "c", "[SEP]"],
    special: [0, 4],
    continues: [],
    segments: [],
  },
});
const query = (index: number): TokenRef => ({ side: "query", index });
const key = (index: number): TokenRef => ({ side: "key", index });

describe("chosenQuery", () => {
  it("is the last pinned query, whatever is hovered", () => {
    expect(chosenQuery([query(1), query(3), key(2)], 4, stream)).toBe(3);
  });

  it("is the hovered one where none is pinned", () => {
    expect(chosenQuery([key(2)], 4, stream)).toBe(4);
  });

  it("is else the first ordinary token, of a causal stream the last", () => {
    expect(chosenQuery([], null, stream)).toBe(1);
    expect(chosenQuery([], null, { ...stream, causal: true })).toBe(3);
  });

  it("is the first token where all are special", () => {
    const special = { ...stream.queries, special: [0, 1, 2, 3, 4] };
    expect(chosenQuery([], null, { ...stream, queries: special })).toBe(0);
  });
});

describe("pins", () => {
  it("a click makes a query the last, a second click releases it", () => {
    const pins = [query(1), key(2), query(3)];
    expect(clickQuery(pins, 1)).toEqual([key(2), query(3), query(1)]);
    expect(clickQuery(pins, 3)).toEqual([query(1), key(2)]);
  });

  it("an arrow key replaces the last query and leaves other pins", () => {
    expect(moveQuery([query(1), key(2), query(3)], 4)).toEqual([query(1), key(2), query(4)]);
    expect(moveQuery([], 2)).toEqual([query(2)]);
  });
});
