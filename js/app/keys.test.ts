import { expect, it, vi } from "vitest";
import type { Selection } from "../state/selection";
import { aboutOf, DEFAULT_SELECTION, streamOf } from "../state/testing";
import { viewOf } from "../views/registry";
import { handleKey } from "./keys";

function press(key: string, selection: Partial<Selection>, isOnPicture = true) {
  const select = vi.fn();
  const target = document.createElement("div");
  if (isOnPicture) target.dataset.picture = "";
  const event = new KeyboardEvent("keydown", { key, cancelable: true });
  Object.defineProperty(event, "target", { value: target });
  const actions = { select, togglePin: vi.fn(), pick: vi.fn(), clearPins: vi.fn() };
  const chosen = { ...DEFAULT_SELECTION, ...selection };
  handleKey(event, aboutOf(), viewOf(chosen.view), chosen, streamOf(), actions);
  return select.mock.calls[0]?.[0];
}

it("steps layers and heads from the picture only", () => {
  expect(press("ArrowRight", { layer: 2 })).toEqual({ layer: 3 });
  expect(press("ArrowDown", { heads: [1] })).toEqual({ heads: [2] });
  expect(press("ArrowRight", { layer: 2 }, false)).toBeUndefined();
});

it("steps no heads where all of them are fused", () => {
  expect(press("ArrowDown", { method: "rollout", heads: [1] })).toBeUndefined();
  expect(press("ArrowUp", { view: "trace", heads: [1] })).toBeUndefined();
  expect(press("ArrowDown", { view: "neuron", method: "rollout" })).toEqual({ heads: [0] });
});
