import { act } from "preact/test-utils";
import { expect, it } from "vitest";
import type { ContributionsFrame } from "../../frame/contributions";
import { aboutOf, streamOf } from "../../state/testing";
import { find, props, readySource, root, show, usePage } from "../../views/common/testing";
import { Parts } from "./Parts";
import { partRows, sum } from "./rows";

const frame: ContributionsFrame = {
  kind: "contributions",
  ...{ embedding: 1, bias: -0.5, mlps: [0.25, -2], logit: 3.75 },
  streams: [
    {
      name: "self",
      layers: [
        [1, 2],
        [3, -1],
      ],
    },
  ],
  logitOf: { position: 3, text: "<b>mat</b>" },
};

usePage();

const bars = () => [...root.querySelectorAll<HTMLElement>(".aw-parts > ol > li")];

async function open() {
  const source = readySource();
  source.peek = (() => frame) as typeof source.peek;
  const given = props({ source });
  await show(Parts, given);
  return given;
}

it("has a row for the embedding, the heads and the feed-forward layer of each layer, the bias", () => {
  const rows = partRows(aboutOf(), frame);
  expect(rows.map(({ name, value }) => [name, value])).toEqual([
    ["embedding", 1],
    ["layer 0 heads", 3],
    ["layer 0 MLP", 0.25],
    ["layer 1 heads", 2],
    ["layer 1 MLP", -2],
    ["bias", -0.5],
  ]);
  expect(sum(rows.map(({ value }) => value))).toBe(frame.logit);
});

it("names the parts of a model in which not every layer has attention", () => {
  const about = aboutOf([streamOf({ layers: 2, layer_numbers: [1, 4] })]);
  const names = { below: "embedding and layer 0", rests: ["layers 1 to 3 but for heads", "rest"] };
  expect(partRows(about, { ...frame, names }).map(({ name }) => name)).toEqual([
    "embedding and layer 0",
    "layer 1 heads",
    "layers 1 to 3 but for heads",
    "layer 4 heads",
    "rest",
    "bias",
  ]);
});

it("draws bars to both sides, as long as the part, and says the sum and the logit", async () => {
  await open();
  const drawn = bars().map((bar) => {
    const track = bar.querySelector<HTMLElement>(".aw-part-track");
    return [track?.dataset.sign, (track?.firstElementChild as HTMLElement).style.width];
  });
  expect(drawn[1]).toEqual(["positive", "50%"]);
  expect(drawn[4]).toEqual(["negative", `${(50 * 2) / 3}%`]);
  const sums = [...root.querySelectorAll(".aw-parts-sum")].map((row) => row.textContent);
  expect(sums).toEqual(["sum of all parts3.75", "logit3.75"]);
  expect(root.textContent).toContain("<b>mat</b>");
});

it("goes to a layer, unfolds its heads and goes to one of them", async () => {
  const { actions } = await open();
  await act(() => find(".aw-part button.aw-part-name").click());
  expect(actions.select).toHaveBeenLastCalledWith({ stream: "self", layer: 0, heads: null });
  await act(() => find(".aw-part-fold").click());
  const heads = [...root.querySelectorAll<HTMLElement>("ol ol .aw-part-name")];
  expect(heads.map(({ textContent }) => textContent)).toEqual(["head 0", "head 1"]);
  await act(() => heads[1]?.click());
  expect(actions.select).toHaveBeenLastCalledWith({ stream: "self", layer: 0, heads: [1] });
  await act(() => find(".aw-part-fold").click());
  expect(root.querySelector("ol ol")).toBeNull();
});
