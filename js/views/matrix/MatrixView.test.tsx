import { act } from "preact/test-utils";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { INVENTED } from "../../frame/testing";
import type { MatrixWant, Want } from "../../frame/want";
import type { Selection } from "../../state/selection";
import { DEFAULT_SELECTION, streamOf } from "../../state/testing";
import { find, press, props, readySource, root, show, usePage } from "../common/testing";
import { MatrixView } from "./MatrixView";
import { matrixOf } from "./testing";

usePage();
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "setPointerCapture").mockReturnValue(undefined);
});

const text = ["[CLS]", "a", "<b>"];
const stream = streamOf({
  layers: 3,
  queries: { text, special: [0], continues: [], segments: [] },
});
const frame = matrixOf(3, 3, Float32Array.of(0.8, 0.2, 0, 0.5, 0.1, 0.4, 0.3, 0.6, 0.1));
const thumbnails = {
  ...{ kind: "thumbnails", heads: 1, rows: 3, columns: 3, top: 0.5 },
  cells: new Uint8Array(9),
};

function given(change: Partial<Selection> = {}) {
  const asked: Want[] = [];
  const peek = (want: Want) => {
    asked.push(want);
    return want.kind === "matrix" ? frame : thumbnails;
  };
  const source = { ...readySource(), peek: peek as never };
  const selection: Selection = { ...DEFAULT_SELECTION, view: "matrix", ...change };
  return { ...props({ stream, selection, source }), asked };
}

const matrices = (asked: Want[]) =>
  asked.filter((want): want is MatrixWant => want.kind === "matrix");
const token = (side: string, index: number) => find(`[data-side="${side}"][data-index="${index}"]`);

async function point(type: string, query: number, key: number) {
  // Every element is said to lie in the page's corner, cells are 52 pixels large.
  const place = { clientX: key * 52 + 10, clientY: query * 52 + 10, button: 0, bubbles: true };
  const cells = find(".aw-plot-cells canvas");
  await act(() => void cells.dispatchEvent(new PointerEvent(type, place)));
}

describe("matrix view", () => {
  it("names every token on both axes, one of each in the tab order, and is ready", async () => {
    const all = given();
    await show(MatrixView, all);
    expect(root.querySelectorAll("[data-side]")).toHaveLength(6);
    expect(root.querySelectorAll('[data-side][tabindex="0"]')).toHaveLength(2);
    expect(token("key", 2).textContent).toBe("<b>");
    expect(token("query", 0).className).toContain("special");
    expect(all.report).toHaveBeenLastCalledWith("ready", "3 queries × 3 keys");
  });

  it("pins a token by click and by key, and moves along the axes with the arrows", async () => {
    const all = given();
    await show(MatrixView, all);
    await act(() => token("query", 1).click());
    expect(all.actions.togglePin).toHaveBeenLastCalledWith({ side: "query", index: 1 });
    token("query", 0).focus();
    await press(token("query", 0), "ArrowDown");
    expect(document.activeElement).toBe(token("query", 1));
    await press(token("query", 1), "ArrowRight");
    expect(document.activeElement).toBe(token("key", 0));
    await press(token("key", 0), "End");
    await press(token("key", 2), "Enter");
    expect(all.actions.togglePin).toHaveBeenLastCalledWith({ side: "key", index: 2 });
  });

  it("tells what is under the pointer, with both tokens and the value", async () => {
    const all = given({ heads: [2] });
    await show(MatrixView, all);
    await point("pointermove", 2, 1);
    expect(all.hover.value?.link).toEqual({ query: 2, key: 1, head: 2, weight: frame.cells[7] });
    expect(find('[role="tooltip"]').textContent).toContain("<b> 2 → a 1");
    expect(find('[role="tooltip"]').textContent).toContain("0.600");
  });

  it("pins row and column of a cell that is clicked", async () => {
    const all = given({ tokens_selected: [{ side: "key", index: 1 }] });
    await show(MatrixView, all);
    await point("pointerdown", 2, 1);
    await point("pointerup", 2, 1);
    expect(all.actions.select).toHaveBeenLastCalledWith({
      tokens_selected: [
        { side: "key", index: 1 },
        { side: "query", index: 2 },
      ],
    });
  });

  it("lists the strongest connections between different tokens, and shows the one clicked", async () => {
    const all = given();
    await show(MatrixView, all);
    const first = find("[data-connection]");
    expect(first.textContent).toContain("0.600");
    await act(() => first.click());
    expect(all.actions.select).toHaveBeenLastCalledWith({
      tokens_selected: [
        { side: "query", index: 2 },
        { side: "key", index: 1 },
      ],
    });
  });

  it("asks for two matrices to compare, and for one with the other subtracted", async () => {
    const compared = given({ matrix_mode: "compare", layer: 1 });
    await show(MatrixView, compared);
    const methods = new Set(matrices(compared.asked).map(({ method }) => method));
    expect(methods).toEqual(new Set(["attention", "rollout"]));
    expect(root.querySelectorAll(".aw-plot")).toHaveLength(2);
    const subtracted = given({ matrix_mode: "difference", layer: 1 });
    await show(MatrixView, subtracted);
    expect(matrices(subtracted.asked)[0]?.minus).toEqual({
      ...{ layer: 1, heads: null, method: "rollout", fusion: "mean" },
    });
    expect(root.textContent).toContain("Rollout has no picture per head");
  });

  it("chooses the second matrix by controls that keep what is not changed", async () => {
    const all = given({ matrix_mode: "compare", layer: 1 });
    await show(MatrixView, all);
    const layer = find('[name="compare_layer"]') as HTMLSelectElement;
    layer.value = "2";
    await act(() => void layer.dispatchEvent(new Event("change", { bubbles: true })));
    expect(all.actions.select).toHaveBeenLastCalledWith({
      compare_with: { layer: 2, head: null, method: "rollout" },
    });
  });

  it("says so when both matrices are the same", async () => {
    const compare_with = { layer: null, head: null, method: null };
    await show(MatrixView, given({ matrix_mode: "compare", compare_with }));
    expect(root.textContent).toContain("Both matrices are the same");
  });

  it("colours the signs of a method that has any, as its row says", async () => {
    await show(MatrixView, given({ method: INVENTED.name }));
    expect((find('[name="colormap"]') as HTMLSelectElement).disabled).toBe(true);
    expect(find(".aw-colorbar").textContent).toContain("fitted to the values");
    expect(find(".aw-colorbar").textContent).not.toContain("first minus second");
    expect(find("[data-connection] [data-sign]").dataset.sign).toBe("1");
    await show(MatrixView, given());
    expect((find('[name="colormap"]') as HTMLSelectElement).disabled).toBe(false);
    expect(root.querySelector("[data-sign]")).toBeNull();
  });

  it("has a scale for values with signs, and one for those without", async () => {
    const compare_with = { layer: null, head: null, method: INVENTED.name };
    await show(MatrixView, given({ matrix_mode: "compare", compare_with }));
    const bars = [...root.querySelectorAll(".aw-colorbar")].map(({ textContent }) => textContent);
    expect(bars).toHaveLength(2);
    expect(bars[0]).toContain("Attention: ");
    expect(bars[0]).not.toContain("−");
    expect(bars[1]).toContain("Echo depth: ");
    expect(bars[1]).toContain("−0.800");
    const lists = [...root.querySelectorAll(".aw-connections")];
    expect(lists.map((list) => list.querySelector("[data-sign]") !== null)).toEqual([false, true]);
    await show(MatrixView, given({ matrix_mode: "compare" }));
    expect(root.querySelectorAll(".aw-colorbar")).toHaveLength(1);
  });

  it("shows the rollout after every layer, and opens one", async () => {
    const all = given({ matrix_mode: "evolution" });
    await show(MatrixView, all);
    expect(root.querySelectorAll("button[data-layer]")).toHaveLength(3);
    expect(all.asked[0]).toMatchObject({ kind: "thumbnails", method: "rollout", layer: 0 });
    await act(() => find('button[data-layer="2"]').click());
    expect(all.actions.select).toHaveBeenLastCalledWith({
      ...{ matrix_mode: "single", method: "rollout", layer: 2 },
    });
  });

  it("zooms in by its buttons, and out again with Escape", async () => {
    const long = streamOf({
      queries: { text: Array(30).fill("t"), special: [], continues: [], segments: [] },
    });
    const all = { ...given(), stream: long };
    await show(MatrixView, all);
    await act(() => find('[aria-label="Zoom in"]').click());
    expect(root.textContent).toContain("queries 8 to 22 of 30");
    await press(find(".aw-matrices"), "Escape");
    expect(root.textContent).not.toContain("of 30");
  });
});
