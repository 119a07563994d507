import { describe, expect, it } from "vitest";
import { collectEdges } from "./edges";
import { pathsOf } from "./testing";

describe("collectEdges", () => {
  const frame = pathsOf(2);
  const carriedBy = (coverage: number) => {
    const carried = [0, 0];
    for (const at of collectEdges(frame, coverage).drawn) {
      const step = frame.steps[at] as number;
      carried[step] = (carried[step] ?? 0) + (frame.edges[at] as number);
    }
    return carried;
  };

  it.each([0.1, 0.5, 0.8, 0.95])("carries at least %d through every step", (coverage) => {
    for (const carried of carriedBy(coverage)) expect(carried).toBeGreaterThanOrEqual(coverage);
  });

  it("draws the fewest edges that do", () => {
    // The step below the top has 0.5, 0.4 and 0.1; the one above the inputs 0.5, 0.2, 0.1, …
    const { drawn, top } = collectEdges(frame, 0.6);
    const steps = Array.from(drawn, (at) => frame.steps[at]);
    expect(steps.filter((step) => step === 1)).toHaveLength(2);
    expect(steps.filter((step) => step === 0)).toHaveLength(2);
    expect(top).toBeCloseTo(0.5);
  });

  it("draws every edge when all are asked for", () => {
    const { drawn, held } = collectEdges(frame, 1);
    expect(drawn).toHaveLength(frame.edges.length);
    expect(held).toBeCloseTo(1);
  });

  it("says what is carried where the listed edges carry less than is asked for", () => {
    const short = { ...frame, edges: frame.edges.slice(0, 3) };
    expect(collectEdges(short, 0.9).held).toBeLessThan(0.9);
  });

  it("counts only steps below the traced node", () => {
    expect(collectEdges(pathsOf(1, undefined, 1), 0.8).held).toBeGreaterThanOrEqual(0.8);
  });
});
