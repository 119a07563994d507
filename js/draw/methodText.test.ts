import { expect, it } from "vitest";
import { INVENTED, rowOf } from "../frame/testing";
import { fusedNote, layersInWords, valueInWords } from "./methodText";

it("names the layers that scores come from", () => {
  expect(layersInWords(INVENTED, 3)).toBe("layer 3");
  expect(layersInWords(rowOf("rollout"), 3)).toBe("layers 0 to 3 together");
  expect(layersInWords(rowOf("rollout"), 0)).toBe("layer 0");
});

it("says why heads are fused", () => {
  expect(fusedNote(INVENTED)).toBeNull();
  expect(fusedNote(rowOf("max_flow"))).toBe("Max-flow has no picture per head: all heads fused");
});

it("says what a value with a sign does, and of others the number alone", () => {
  const effects = { ...INVENTED, signs: ["raises the target", "lowers the target"] as const };
  const row = { ...effects, signs: [...effects.signs] as [string, string] };
  expect(valueInWords(row, 0.12, "0.120")).toBe("raises the target by 0.120");
  expect(valueInWords(row, -0.12, "−0.120 ± 0.001")).toBe("lowers the target by 0.120 ± 0.001");
  expect(valueInWords(row, 0, "0")).toBe("0");
  expect(valueInWords(rowOf("attention"), 0.12, "0.120")).toBe("0.120");
});
