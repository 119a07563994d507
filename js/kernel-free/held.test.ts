import { expect, it } from "vitest";
import { INVENTED } from "../frame/testing";
import type { Fusion, Selection } from "../state/selection";
import { aboutOf, DEFAULT_SELECTION, streamOf } from "../state/testing";
import { changeWithinFile } from "./held";

const held = (method: string, fusion: Fusion, settings = {}) => ({ method, fusion, ...settings });
const stream = streamOf({
  methods: ["attention", "rollout"],
  held: {
    layers: [1, 4],
    heads: [0, 2],
    methods: [
      held("attention", "mean", { discard_ratio: 0, target: null }),
      held("rollout", "max", { discard_ratio: 0.5, target: null }),
    ],
  },
});
const about = aboutOf([stream], { views: ["head", "matrix"] });
const before: Selection = { ...DEFAULT_SELECTION, layer: 1, heads: [0] };

it.each<[Partial<Selection>, Record<string, unknown>]>([
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

it("brings a new method with the settings that it is held with, in every fusion", () => {
  const { name } = INVENTED;
  const settings = { echo_decay: 0.3, echo_reach: 5 };
  const file = aboutOf([
    streamOf({
      methods: ["attention", name],
      held: {
        ...{ layers: [2], heads: [1] },
        methods: [held("attention", "mean"), held(name, "mean", settings)],
      },
    }),
  ]);
  const attention = { ...DEFAULT_SELECTION, layer: 2 };
  expect(changeWithinFile(attention, { method: name, fusion: "max" }, file)).toMatchObject({
    ...settings,
    ...{ method: name, fusion: "max" },
  });
});
