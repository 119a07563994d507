import { act } from "preact/test-utils";
import { describe, expect, it, vi } from "vitest";
import type { Want } from "../../frame/want";
import type { Selection } from "../../state/selection";
import { CancelledError, type FrameSource } from "../../state/source";
import { find, press, props, readySource, root, show, usePage } from "../common/testing";
import { model } from "./view";

const { Component: ModelView } = model(() => null);

usePage();

describe("model view", () => {
  it("has a named thumbnail for every head of every layer, one of them in the tab order", async () => {
    const given = props();
    await show(ModelView, given);
    expect(root.querySelectorAll("[data-layer][data-head]")).toHaveLength(12);
    expect(find('[data-layer="2"][data-head="3"]').getAttribute("aria-label")).toBe(
      "layer 2, head 3, entropy 0.250",
    );
    expect(root.querySelectorAll('[data-head][tabindex="0"]')).toHaveLength(1);
    expect(given.report).toHaveBeenLastCalledWith("ready", "");
  });

  it("has one thumbnail a layer where a method fuses all heads, and keeps the heads chosen", async () => {
    const given = props();
    const selection = { ...given.selection, method: "rollout" as const, heads: [3] };
    await show(ModelView, { ...given, selection });
    const names = [...root.querySelectorAll("[data-layer][data-head]")].map((thumbnail) =>
      thumbnail.getAttribute("aria-label"),
    );
    expect(names).toEqual([
      "layer 0, all heads fused",
      "layers 0 to 1 together, all heads fused",
      "layers 0 to 2 together, all heads fused",
    ]);
    await act(() => find('[data-layer="2"][data-head="all"]').click());
    expect(given.actions.select).toHaveBeenCalledExactlyOnceWith({ layer: 2 });
  });

  it("offers importance as a colour where it is known", async () => {
    const importance = [0, 1, 2].map((layer) => [0, 1, 2, 3].map((head) => layer + head / 4));
    await show(ModelView, props({ importance }));
    expect(root.textContent).toContain("ground: importance 0");
    expect(find('[data-layer="2"][data-head="3"]').getAttribute("aria-label")).toBe(
      "layer 2, head 3, importance 2.75, entropy 0.250",
    );
    await show(ModelView, props());
    expect(root.textContent).not.toContain("importance");
  });

  it("tells the effect of each head, and how it was found", async () => {
    const given = props();
    const both = { ...given.stream, head_effects: ["effect", "exact_effect"] };
    const shown = (head_colors: Selection["head_colors"], head_effects = both.head_effects) =>
      show(ModelView, {
        ...given,
        stream: { ...both, head_effects },
        selection: { ...given.selection, head_colors },
      });
    const last = () => find('[data-layer="2"][data-head="3"]').getAttribute("aria-label");
    await shown("importance");
    expect(root.textContent).not.toContain("ground");
    await shown("effect");
    expect(last()).toBe("layer 2, head 3, without it +1.00 (estimate), entropy 0.250");
    expect(root.textContent).toContain("strongest: layer 0 head 0 −1.00, layer 2 head 3 +1.00");
    expect(find('[name="exact_effect"]').textContent).toBe("Compute exactly: 12 runs");
    await act(() => find('[name="exact_effect"]').click());
    expect(given.actions.select).toHaveBeenLastCalledWith({ head_colors: "exact_effect" });
    await shown("exact_effect");
    expect(last()).toBe("layer 2, head 3, without it +2.00 (exact), entropy 0.250");
    await shown("exact_effect", ["effect"]);
    expect(last()).toContain("(estimate)");
    await shown("exact_effect", []);
    expect(root.textContent).not.toContain("ground");
  });

  it("goes back to the estimates where somebody stops the runs", async () => {
    const ready = readySource();
    const source: FrameSource = {
      ...ready,
      peek: ((want: Want) =>
        want.kind === "head_effects" && want.exact && want.layer > 0
          ? undefined
          : ready.peek(want)) as FrameSource["peek"],
      get: () => Promise.reject(new CancelledError("This was cancelled.")),
    };
    const given = props({ source });
    await show(ModelView, {
      ...given,
      stream: { ...given.stream, head_effects: ["effect", "exact_effect"] },
      selection: { ...given.selection, head_colors: "exact_effect" },
    });
    expect(root.textContent).toContain("(exact in 1 of 3 layers, else estimate)");
    expect(given.actions.select).toHaveBeenLastCalledWith({ head_colors: "effect" });
  });

  it("selects layer and head in one step", async () => {
    const given = props();
    await show(ModelView, given);
    await act(() => find('[data-layer="2"][data-head="3"]').click());
    expect(given.actions.select).toHaveBeenCalledExactlyOnceWith({ layer: 2, heads: [3] });
  });

  it("has the same heads as a table, which any figure sorts", async () => {
    const given = props({ stream: { ...props().stream, head_effects: ["effect"] } });
    await show(ModelView, given);
    const table = [...root.querySelectorAll("button")].find((each) => each.textContent === "Table");
    await act(() => table?.click());
    expect(given.report).toHaveBeenLastCalledWith("ready", "");
    const first = () => find("tbody [data-head]").getAttribute("aria-label");
    expect(root.querySelectorAll("tbody [data-layer][data-head]")).toHaveLength(12);
    expect(first()).toBe("layer 0, head 0");
    const title = find('[name="sort"][value="effect"]');
    await act(() => title.click());
    expect(title.closest("th")?.getAttribute("aria-sort")).toBe("descending");
    expect(first()).toBe("layer 2, head 3");
    await act(() => title.click());
    expect(title.closest("th")?.getAttribute("aria-sort")).toBe("ascending");
    expect(first()).toBe("layer 0, head 0");
    const start = find('tbody [data-layer="0"][data-head="0"]');
    start.focus();
    await press(start, "End");
    expect(document.activeElement).toBe(find('[data-layer="2"][data-head="3"]'));
    await act(() => find('[data-layer="2"][data-head="3"]').closest("tr")?.click());
    expect(given.actions.select).toHaveBeenCalledExactlyOnceWith({ layer: 2, heads: [3] });
  });

  it("moves the focus with arrow keys, which do not reach the frame around", async () => {
    const outer = vi.fn();
    root.addEventListener("keydown", outer);
    await show(ModelView, props());
    const start = find('[data-layer="1"][data-head="0"]');
    start.focus();
    await press(start, "ArrowDown");
    expect(document.activeElement).toBe(find('[data-layer="2"][data-head="0"]'));
    expect(outer).not.toHaveBeenCalled();
  });
});
