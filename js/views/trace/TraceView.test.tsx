import { act } from "preact/test-utils";
import { describe, expect, it, vi } from "vitest";
import type { PathsFrame } from "../../frame/paths";
import { INVENTED } from "../../frame/testing";
import type { Want } from "../../frame/want";
import type { Selection } from "../../state/selection";
import { aboutOf, DEFAULT_SELECTION, streamOf } from "../../state/testing";
import { find, press, props, readySource, root, show, usePage } from "../common/testing";
import { Arrivals } from "./Arrivals";
import { TraceView } from "./TraceView";
import { pathsOf } from "./testing";

usePage();

const text = ["[CLS]", "a", "<b>"];
const stream = streamOf({
  layers: 2,
  queries: { text, special: [0], continues: [], segments: [] },
});
const about = aboutOf([stream]);

function given(change: Partial<Selection> = {}, frame: PathsFrame = pathsOf(2)) {
  const asked: Want[] = [];
  const peek = (want: Want) => {
    asked.push(want);
    return frame;
  };
  const source = { ...readySource(), peek };
  const selection = { ...DEFAULT_SELECTION, view: "trace" as const, ...change };
  const all = props({ about, stream, selection, source: source as never });
  return { ...all, asked };
}

const node = (level: number, index: number) =>
  find(`[data-level="${level}"][data-index="${index}"]`);

describe("trace view", () => {
  it("has a named button for every token of every level, one of them in the tab order", async () => {
    await show(TraceView, given());
    expect(root.querySelectorAll("[data-level]")).toHaveLength(9);
    expect(node(2, 2).getAttribute("aria-label")).toBe("<b>, 2, after layer 1, 100 %");
    expect(node(1, 0).getAttribute("aria-label")).toBe("[CLS], 0, after layer 0, 50.0 %");
    expect(node(2, 2).getAttribute("aria-pressed")).toBe("true");
    expect(root.querySelectorAll('[data-level][tabindex="0"]')).toHaveLength(1);
    expect(find('[data-level="2"][data-index="2"] span').textContent).toBe("<b>");
  });

  it("asks for the last token of the top, by rollout where attention is selected, and says so", async () => {
    const all = given();
    await show(TraceView, all);
    expect(all.asked[0]).toMatchObject({
      ...{ kind: "paths", method: "rollout", level: null, index: 2, via: null },
    });
    expect(root.textContent).toContain("By rollout");
    expect(root.textContent).toContain("attention itself leads through a single layer");
  });

  it("follows any method by the one that its row names, with the settings that it shows", async () => {
    const all = given({ method: INVENTED.name, ...{ echo_reach: 4, discard_ratio: 0.5 } });
    await show(TraceView, all);
    expect(all.asked[0]).toMatchObject({ method: "rollout", echo_reach: 4, discard_ratio: 0 });
    expect(root.textContent).toContain("echo depth itself leads through a single layer");
    const own = given({ method: "rollout", ...{ discard_ratio: 0.5 } });
    await show(TraceView, own);
    expect(own.asked[0]).toMatchObject({ method: "rollout", discard_ratio: 0.5 });
    expect(root.textContent).not.toContain("itself leads");
  });

  it("traces, goes through and starts anew by click, again and double-click", async () => {
    const all = given();
    await show(TraceView, all);
    await act(() => node(2, 0).click());
    expect(all.actions.select).toHaveBeenLastCalledWith({
      ...{ trace_node: { level: 2, index: 0 }, trace_via: null },
    });
    await act(() => node(1, 0).click());
    expect(all.actions.select).toHaveBeenLastCalledWith({ trace_via: { level: 1, index: 0 } });
    await act(() => void node(1, 0).dispatchEvent(new MouseEvent("dblclick", { bubbles: true })));
    expect(all.actions.select).toHaveBeenLastCalledWith({
      ...{ trace_node: { level: 1, index: 0 }, trace_via: null },
    });
  });

  it("offers to start at what it goes through, and to release it", async () => {
    const all = given({ trace_via: { level: 1, index: 0 } });
    await show(TraceView, all);
    const [start, release] = [...root.querySelectorAll<HTMLElement>(".aw-trace-via button")];
    expect(find(".aw-trace-via").textContent).toContain("50.0 %");
    await act(() => start?.click());
    expect(all.actions.select).toHaveBeenLastCalledWith({
      ...{ trace_node: { level: 1, index: 0 }, trace_via: null },
    });
    await act(() => release?.click());
    expect(all.actions.select).toHaveBeenLastCalledWith({ trace_via: null });
  });

  it("moves with arrow keys, which do not reach the frame around, and chooses with Enter", async () => {
    const outer = vi.fn();
    root.addEventListener("keydown", outer);
    const all = given();
    await show(TraceView, all);
    node(2, 2).focus();
    await press(node(2, 2), "ArrowDown");
    await press(node(1, 2), "ArrowLeft");
    expect(document.activeElement).toBe(node(1, 1));
    await press(node(1, 1), "Enter");
    expect(all.actions.select).toHaveBeenLastCalledWith({ trace_via: { level: 1, index: 1 } });
    expect(outer).not.toHaveBeenCalled();
    await press(node(1, 1), "Escape");
    expect(outer).toHaveBeenCalledOnce();
  });

  it("says how much is drawn, and sets it for Python too", async () => {
    const all = given({ coverage: 0.5 });
    await show(TraceView, all);
    await vi.waitFor(() =>
      expect(all.report).toHaveBeenLastCalledWith(
        "ready",
        expect.stringMatching(/^showing 50 % of what arrives; 2 of 9 edges$/),
      ),
    );
    const slider = find('[name="trace_coverage"]') as HTMLInputElement;
    slider.value = "0.9";
    await act(() => void slider.dispatchEvent(new Event("input", { bubbles: true })));
    expect(all.actions.select).toHaveBeenLastCalledWith({ coverage: 0.9 });
  });

  it("hides tokens that nothing comes through when asked to", async () => {
    await show(TraceView, given({ trace_node: { level: 2, index: 1 } }, pathsOf(1)));
    expect(root.querySelectorAll('[data-level="0"]')).toHaveLength(3);
    const box = find('[name="hide_faint"]') as HTMLInputElement;
    box.checked = true;
    await act(() => void box.dispatchEvent(new Event("change", { bubbles: true })));
    expect(root.querySelectorAll('[data-level="0"]')).toHaveLength(2);
  });
});

it("lists what arrives, most first", async () => {
  await show(Arrivals, given());
  const rows = [...root.querySelectorAll("li")].map((row) => row.textContent);
  expect(rows).toEqual(["[CLS]065.0 %", "<b>220.0 %", "a115.0 %"]);
});
