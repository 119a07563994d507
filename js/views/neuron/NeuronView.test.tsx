import { act } from "preact/test-utils";
import { describe, expect, it } from "vitest";
import type { Want } from "../../frame/want";
import { find, press, props, readySource, root, show, stream, usePage } from "../common/testing";
import { NeuronView } from "./NeuronView";

usePage();

describe("neuron view", () => {
  it("shows the first ordinary query, head 0 where none is chosen", async () => {
    const asked: Want[] = [];
    await show(NeuronView, props({ source: readySource(asked) }));
    expect(asked[0]).toMatchObject({ kind: "neuron", layer: 1, head: 0, query: 1 });
    expect(root.querySelectorAll('[data-side="query"]')).toHaveLength(5);
    expect(root.querySelectorAll('[data-side="key"]')).toHaveLength(5);
  });

  it("says masked, the scale, and what a sink takes", async () => {
    await show(NeuronView, props());
    expect(find("[data-masked] .aw-neuron-share").textContent).toBe("masked");
    expect(root.textContent).toContain("q·k × 0.250");
    expect(root.textContent).toContain("sink takes 10.0 %");
  });

  it("pins the query that is clicked, and its neighbour on an arrow key", async () => {
    const given = props();
    await show(NeuronView, given);
    await act(() => find('[data-side="query"][data-index="3"]').click());
    const pin = (index: number) => ({ tokens_selected: [{ side: "query", index }] });
    expect(given.actions.select).toHaveBeenLastCalledWith(pin(3));
    await press(find('[data-side="query"][data-index="1"]'), "ArrowDown");
    expect(given.actions.select).toHaveBeenLastCalledWith(pin(2));
  });

  it("folds the vectors away and shows them again", async () => {
    await show(NeuronView, props());
    const toggle = find("[aria-expanded]");
    expect(root.textContent).toContain("key vector k");
    await act(() => toggle.click());
    expect(root.textContent).not.toContain("key vector k");
    expect(toggle.textContent).toBe("Show vectors");
  });

  it("sorts by weight with masked keys last", async () => {
    await show(NeuronView, props());
    const byWeight = [...root.querySelectorAll("button")].find(
      (b) => b.textContent === "By weight",
    );
    await act(() => byWeight?.click());
    const keys = [...root.querySelectorAll<HTMLElement>('[data-side="key"]')];
    expect(keys.map((key) => key.dataset.index)).toEqual(["1", "2", "0", "3", "4"]);
  });

  it("says why there is nothing to show without projections", async () => {
    const given = props({ stream: { ...stream, projections: false } });
    await show(NeuronView, given);
    expect(root.textContent).toContain("This trace holds attention weights only");
    expect(given.report).toHaveBeenLastCalledWith("ready", "");
  });
});
