import { signal } from "@preact/signals";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, expect, it, vi } from "vitest";
import { INVENTED } from "../frame/testing";
import type { StreamAbout } from "../state/about";
import type { Selection } from "../state/selection";
import { aboutOf, DEFAULT_SELECTION, streamOf } from "../state/testing";
import { readySource } from "../views/common/testing";
import { viewOf } from "../views/registry";
import { MethodControls } from "./MethodControls";

const root = document.createElement("div");
afterEach(() => render(null, root));

function show(selection: Partial<Selection>, change: Partial<StreamAbout> = {}) {
  const selected = { ...DEFAULT_SELECTION, ...selection };
  const stream = streamOf({ methods: ["attention", "rollout", INVENTED.name], ...change });
  const actions = { select: vi.fn(), togglePin: vi.fn(), pick: vi.fn(), clearPins: vi.fn() };
  const given = { about: aboutOf([stream]), stream, actions, source: readySource() };
  act(() =>
    render(
      <MethodControls
        {...given}
        view={viewOf(selected.view)}
        selection={selected}
        picking={signal(null)}
      />,
      root,
    ),
  );
  return actions;
}

const find = <E extends HTMLElement>(selector: string) => root.querySelector<E>(selector) as E;
const options = () =>
  [...find("[name=method]").children].map((option) => [
    option.textContent,
    (option as HTMLOptionElement).disabled,
  ]);

it("lists every method in the order of the rows, with what a stream lacks", () => {
  const lacks = { views: {}, methods: { gradient_flow: "needs the model", relevance: "needs it" } };
  show({}, { lacks: { ...lacks, methods: { ...lacks.methods, max_flow: "not for this stream" } } });
  expect(options()).toEqual([
    ["attention", false],
    ["rollout", false],
    ["gradient flow (needs the model)", true],
    ["relevance (needs it)", true],
    ["max-flow (not for this stream)", true],
    ["echo depth", false],
  ]);
});

it("says of a file's methods that they are not included", () => {
  show({}, { methods: ["attention"], held: { layers: [0], heads: [0], methods: [] } });
  expect(options()[5]).toEqual(["echo depth (not included)", true]);
});

it("has a slider for every range of a method, by its row", () => {
  const actions = show({ method: INVENTED.name, ...{ echo_decay: 0.3 } });
  const [decay, reach] = [...root.querySelectorAll<HTMLInputElement>("[type=range]")];
  expect([decay?.name, decay?.max, decay?.step, decay?.value]).toEqual([
    ...["echo_decay", "1", "0.1", "0.3"],
  ]);
  expect([reach?.name, reach?.min, reach?.max, reach?.value]).toEqual([
    ...["echo_reach", "1", "8", "2"],
  ]);
  expect(reach?.closest("label")?.textContent).toBe("Reach2.00");
  expect(decay?.closest("label")?.textContent).toBe("Decay30 %");
  expect(decay?.closest("label")?.title).toBe("How fast echoes fade");
  if (reach) reach.value = "4";
  act(() => void reach?.dispatchEvent(new Event("input", { bubbles: true })));
  expect(actions.select).toHaveBeenLastCalledWith({ echo_reach: 4 });
});

it("has a checkbox for what is on or off, where the view shows what it changes", () => {
  const actions = show({ method: "rollout", ...{ receptive_field: true } });
  const boxes = () =>
    [...root.querySelectorAll<HTMLInputElement>("[type=checkbox]")].map((box) => [
      ...[box.name, box.checked],
    ]);
  expect(boxes()).toEqual([
    ["receptive_field", true],
    ["skip_first", false],
  ]);
  const box = find<HTMLInputElement>("[name=skip_first]");
  box.checked = true;
  act(() => void box.dispatchEvent(new Event("change", { bubbles: true })));
  expect(actions.select).toHaveBeenLastCalledWith({ skip_first: true });
  show({ method: "rollout", view: "trace" });
  expect(boxes()).toEqual([["skip_first", false]]);
  show({ method: "rollout" }, { held: { layers: [0], heads: [0], methods: [] } });
  expect(find<HTMLInputElement>("[name=skip_first]").disabled).toBe(true);
});

it("leaves the fusion to a method that has its own", () => {
  show({ method: INVENTED.name });
  expect(find<HTMLSelectElement>("[name=fusion]").disabled).toBe(true);
  expect(find("[name=fusion]").closest("label")?.title).toBe(
    "Echo depth fuses heads in its own way",
  );
  show({ method: "rollout" });
  expect(find<HTMLSelectElement>("[name=fusion]").disabled).toBe(false);
});

it("shows attention alone in the neuron view, without settings", () => {
  show({ method: INVENTED.name, view: "neuron" });
  expect(find<HTMLSelectElement>("[name=method]").value).toBe("attention");
  expect(root.querySelector("[type=range]")).toBeNull();
});
