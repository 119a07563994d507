import { describe, expect, it } from "vitest";
import { changeFor, choiceOf, type Traced } from "./choose";
import { pathsOf } from "./testing";

/** Token 1 at the top: token 2 comes after it, so nothing comes from there. */
const traced: Traced = {
  node: { level: 2, index: 1 },
  via: null,
  isFlow: false,
  every: pathsOf(1),
};

describe("a click", () => {
  it("on a node through which content comes goes through it only, and again releases it", () => {
    const node = { level: 1, index: 0 };
    expect(changeFor(node, traced)).toEqual({ trace_via: node });
    expect(changeFor(node, { ...traced, via: node })).toEqual({ trace_via: null });
  });

  it("on another node that contributes moves the way through", () => {
    const via = { level: 1, index: 0 };
    expect(choiceOf({ level: 1, index: 1 }, { ...traced, via })).toBe("through");
  });

  it("on a blank node below, or on any at the same height or above, traces it", () => {
    expect(changeFor({ level: 1, index: 2 }, traced)).toEqual({
      trace_node: { level: 1, index: 2 },
      trace_via: null,
    });
    expect(choiceOf({ level: 2, index: 0 }, traced)).toBe("trace");
  });

  it("on the traced node releases it and what it goes through", () => {
    expect(changeFor(traced.node, traced)).toEqual({ trace_node: null, trace_via: null });
  });

  it("on an input of a maximum flow draws that flow, on a node between traces it", () => {
    const flow: Traced = { ...traced, isFlow: true };
    expect(choiceOf({ level: 0, index: 0 }, flow)).toBe("through");
    expect(choiceOf({ level: 1, index: 0 }, flow)).toBe("trace");
  });
});
