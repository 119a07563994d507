import { expect, it } from "vitest";
import { DEFAULT_SELECTION, type Selection } from "../state/selection";
import { streamOf } from "../state/testing";
import { changeWithinFile } from "./held";

const about = {
  version: 1 as const,
  model: null,
  views: ["head" as const, "matrix" as const],
  streams: [
    streamOf({
      methods: ["attention", "rollout"],
      held: {
        layers: [1, 4],
        heads: [0, 2],
        methods: [
          { method: "attention", fusion: "mean", discard_ratio: 0, target: null },
          { method: "rollout", fusion: "max", discard_ratio: 0.5, target: null },
        ],
      },
    }),
  ],
};
const before: Selection = { ...DEFAULT_SELECTION, layer: 1, heads: [0] };

it.each<[Partial<Selection>, Partial<Selection>]>([
  [{ layer: 2 }, { layer: 4 }],
  [{ layer: 0 }, { layer: 1 }],
  [{ heads: [1] }, { heads: [2] }],
  [{ heads: [0, 1] }, { heads: [0] }],
  [{ view: "model" }, { view: "head" }],
  [{ view: "matrix" }, { view: "matrix" }],
  [{ method: "rollout" }, { method: "rollout", fusion: "max", discard_ratio: 0.5 }],
  [{ method: "max_flow" }, { method: "attention" }],
  [{ fusion: "min" }, { fusion: "min" }],
])("leads %o to what is held", (change, expected) => {
  expect(changeWithinFile(before, change, about)).toMatchObject(expected);
});
