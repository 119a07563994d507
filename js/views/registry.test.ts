import { expect, it } from "vitest";
import { DEFAULT_SELECTION } from "../state/testing";
import { VIEWS, viewOf } from "./registry";

it("knows every view by one name, and the first one where a name is unknown", () => {
  expect(new Set(VIEWS.map(({ name }) => name)).size).toBe(VIEWS.length);
  for (const view of VIEWS) expect(viewOf(view.name)).toBe(view);
  expect(viewOf("timeline")).toBe(VIEWS[0]);
});

it("starts with the view that a selection falls back to where its own cannot be shown", () => {
  expect(VIEWS[0]?.name).toBe(DEFAULT_SELECTION.view);
});
