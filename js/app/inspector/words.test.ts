import { expect, it } from "vitest";
import type { RowsFrame } from "../../frame/rows";
import { INVENTED, rowOf, rowsWantOf } from "../../frame/testing";
import { streamOf } from "../../state/testing";
import { hiddenInWords, statisticsOf, titleOf } from "./words";

const stream = streamOf({ heads: 12 });

it.each([
  [rowOf("attention"), [5], "Layer 3, head 5"],
  [rowOf("attention"), null, "Layer 3, all 12 heads, mean"],
  [rowOf("rollout"), null, "Rollout, layers 0 to 3 together, all 12 heads, mean"],
  [rowOf("relevance"), null, "Relevance, layers 0 to 3 together, all 12 heads"],
  [INVENTED, [5], "Echo depth, layer 3, head 5"],
  [INVENTED, null, "Echo depth, layer 3, all 12 heads"],
])("names a picture of %o", (method, heads, title) => {
  expect(titleOf(rowsWantOf({ layer: 3, heads, method: method.name }), method, stream)).toBe(title);
});

it("leaves to the summary what it says of attention, and says it of every other method", () => {
  const labels = (name: string) => statisticsOf(undefined, rowOf(name)).map(([label]) => label);
  expect(labels("attention")).not.toContain("entropy, of the maximum");
  expect(labels(INVENTED.name)).toContain("entropy, of the maximum");
});

it("has figures of signs where there are any, and does not speak of renormalised rows", () => {
  const statistics = { min: -0.5, total: 0.25, negative: 0.4 };
  const frame = { kind: "statistics" as const, pattern: "mixed", statistics };
  const figures = Object.fromEntries(statisticsOf(frame, INVENTED));
  expect(figures["smallest value"]).toBe("−0.500");
  expect(figures["sum of all values"]).toBe("+0.250");
  expect(figures["negative, of all magnitudes"]).toBe("40.0 %");
  const rows = { hidden: 2, hiddenMass: [0.25] } as RowsFrame;
  expect(hiddenInWords(rows, INVENTED)).toBe(
    "2 keys are hidden; they held 25.0 % of the echo depth, by magnitude. What is left is not rescaled.",
  );
  expect(hiddenInWords(rows, rowOf("attention"))).toContain("Rows are renormalised.");
});

it("writes shares of rows as such, and other values as they are", () => {
  const frame = {
    kind: "statistics" as const,
    ...{ pattern: "bos" as const, statistics: { diagonal_mean: 0.25 } },
  };
  const diagonal = (name: string) => Object.fromEntries(statisticsOf(frame, rowOf(name)));
  expect(diagonal("rollout")["on the token itself"]).toBe("25.0 %");
  expect(diagonal(INVENTED.name)["on the token itself"]).toBe("0.250");
});
