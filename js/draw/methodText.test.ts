import { expect, it } from "vitest";
import { INVENTED, rowOf } from "../frame/testing";
import { fusedNote, layersInWords } from "./methodText";

it("names the layers that scores come from", () => {
  expect(layersInWords(INVENTED, 3)).toBe("layer 3");
  expect(layersInWords(rowOf("rollout"), 3)).toBe("layers 0 to 3 together");
  expect(layersInWords(rowOf("rollout"), 0)).toBe("layer 0");
});

it("says why heads are fused", () => {
  expect(fusedNote(INVENTED)).toBeNull();
  expect(fusedNote(rowOf("max_flow"))).toBe("Max-flow has no picture per head: all heads fused");
});
