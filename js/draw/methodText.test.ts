import { expect, it } from "vitest";
import { INVENTED, rowOf } from "../frame/testing";
import { fusedNote, valueInWords } from "./methodText";

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
