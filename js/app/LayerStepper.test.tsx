import { expect, it } from "vitest";
import { streamOf } from "../state/testing";
import { props, root, show, usePage } from "../views/common/testing";
import { LayerStepper } from "./LayerStepper";

usePage();

it("shows the model's own numbers of the layers, and chooses by their place", async () => {
  const stream = streamOf({ layers: 3, layer_numbers: [4, 12, 20] });
  await show(() => <LayerStepper layer={1} stream={stream} onChange={() => undefined} />, props());
  const options = [...root.querySelectorAll("option")];
  expect(options.map(({ value, text }) => [value, text])).toEqual([
    ["0", "4"],
    ["1", "12"],
    ["2", "20"],
  ]);
  expect(root.textContent).toContain("3 with attention");
});
