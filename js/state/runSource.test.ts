import { expect, it } from "vitest";
import type { Cut } from "../frame/cut";
import { ofDifferences } from "../frame/method";
import { ABOUT_METHODS, rowOf, rowsWantOf } from "../frame/testing";
import { type Want, wantKey } from "../frame/want";
import { RunSource } from "./runSource";
import type { FrameSource } from "./source";

const CUT: Cut = {
  ...{ stream: "self", layers: [0], heads: [1] },
  ...{ queries: null, keys: null, mode: "zero" as const },
};
const ROWS = rowsWantOf();
const SUMMARY: Want = { kind: "summary", stream: "self", layer: 0 };
const PREDICTIONS: Want = { kind: "predictions", position: null };

function asked(run: "after" | "difference", want: Want): Want {
  const seen: Want[] = [];
  const peek = (given: Want) => void seen.push(given);
  new RunSource({ peek } as unknown as FrameSource, [CUT], run).peek(want);
  return seen[0] as Want;
}

it("asks for the difference of scores, and for all else of the run that was cut", () => {
  expect(asked("difference", ROWS)).toEqual({ ...ROWS, after: [CUT], difference: true });
  expect(asked("difference", SUMMARY)).toEqual({ ...SUMMARY, after: [CUT] });
  expect(asked("difference", PREDICTIONS)).toEqual(PREDICTIONS);
  expect(asked("after", ROWS)).toEqual({ ...ROWS, after: [CUT] });
});

it("tells the frames of three runs apart, and those of a file, which has one, not", () => {
  const key = (want: Want) => wantKey(ABOUT_METHODS, want);
  const after = { ...ROWS, after: [CUT] };
  const keys = [ROWS, after, { ...after, difference: true as const }].map(key);
  expect(new Set(keys).size).toBe(3);
  expect(key({ ...ROWS, difference: true })).toBe(key(ROWS));
});

it("describes differences by what changes in a row", () => {
  const row = rowOf("attention");
  const difference = {
    ...{ title: "change in attention", values: "change in weight", in_menu: row.title },
    ...{ signed: true, full_scale: null, is_attention: false },
    signs: ["more than before", "less than before"] as [string, string],
  };
  const [described] = ofDifferences([{ ...row, difference }]);
  expect(described).toMatchObject({ ...difference, name: "attention", per_head: row.per_head });
});
