import { expect, it } from "vitest";
import { INVENTED, rowOf } from "../frame/testing";
import { layersInWords } from "./layers";
import { streamOf } from "./testing";

it("names the layers that scores come from", () => {
  const stream = streamOf();
  expect(layersInWords(INVENTED, stream, 3)).toBe("layer 3");
  expect(layersInWords(rowOf("rollout"), stream, 3)).toBe("layers 0 to 3 together");
  expect(layersInWords(rowOf("rollout"), stream, 0)).toBe("layer 0");
});

it("names layers by the model's own numbers", () => {
  const hybrid = streamOf({ layers: 3, layer_numbers: [4, 12, 20] });
  expect(layersInWords(INVENTED, hybrid, 1)).toBe("layer 12");
  expect(layersInWords(rowOf("rollout"), hybrid, 0)).toBe("layer 4");
  expect(layersInWords(rowOf("rollout"), hybrid, 2)).toBe("layers 4 to 20 together");
});
