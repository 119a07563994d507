import { expect, it } from "vitest";
import { undoNarrowing } from "../../state/pins";
import type { Selection } from "../../state/selection";
import { DEFAULT_SELECTION } from "../../state/testing";
import { trace } from "./view";

it("lets Escape release what the trace goes through, then the traced node, then pins", () => {
  let selection: Selection = {
    ...DEFAULT_SELECTION,
    view: "trace",
    trace_node: { level: 2, index: 1 },
    trace_via: { level: 1, index: 0 },
    tokens_selected: [{ side: "query", index: 0 }],
  };
  const released: string[] = [];
  for (
    let undo = undoNarrowing(selection, trace.undo);
    undo;
    undo = undoNarrowing(selection, trace.undo)
  ) {
    released.push(...Object.keys(undo));
    selection = { ...selection, ...undo };
  }
  expect(released).toEqual(["trace_via", "trace_node", "tokens_selected"]);
});

it("leaves the trace alone in other views", () => {
  const selection = { ...DEFAULT_SELECTION, trace_node: { level: 2, index: 1 } };
  expect(undoNarrowing(selection)).toBeNull();
});
