import { signal } from "@preact/signals";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Finding, FindingsFrame } from "../../frame/findings";
import type { Want } from "../../frame/want";
import type { About } from "../../state/about";
import type { Selection } from "../../state/selection";
import { aboutOf, DEFAULT_SELECTION } from "../../state/testing";
import { readySource, stream } from "../../views/common/testing";
import { changeToward } from "./goTo";
import { LookFirst } from "./LookFirst";

const finding: Finding = {
  ...{ stream: "self", layer: 2, head: 3, kind: "induction", score: 0.9, query: 3, key: 1 },
  ...{ reason: "90 % on <b>it</b>", query_token: "c", key_token: "a", method: "attention" },
};
const frame: FindingsFrame = {
  kind: "findings",
  findings: [finding, { ...finding, head: 1 }, { ...finding, kind: "first token", key: 0 }],
  notes: ["A sample."],
  prediction: { index: 4, text: "mat", probability: 0.631, position: 3 },
};

let root: HTMLElement;
const select = vi.fn();
const isDrawn = signal(false);

function show(answer: FindingsFrame, asked: Want[] = [], about: About = aboutOf([stream])) {
  const source = readySource();
  source.peek = ((want: Want) => {
    asked.push(want);
    return answer;
  }) as typeof source.peek;
  const actions = { select, togglePin: vi.fn(), pick: vi.fn(), clearPins: vi.fn() };
  const selection: Selection = DEFAULT_SELECTION;
  return act(() => render(<LookFirst {...{ about, selection, source, actions, isDrawn }} />, root));
}

async function settle() {
  await act(() => {
    vi.runAllTimers();
  });
}

const buttons = () => [...root.querySelectorAll<HTMLButtonElement>("[data-finding]")];

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  select.mockClear();
  isDrawn.value = false;
  root = document.body.appendChild(document.createElement("div"));
});

afterEach(() => {
  render(null, root);
  root.remove();
  vi.useRealTimers();
});

it("asks for nothing until there is a picture", async () => {
  const asked: Want[] = [];
  await show(frame, asked);
  await settle();
  expect(asked).toEqual([]);
  await act(() => {
    isDrawn.value = true;
  });
  await settle();
  expect(asked[0]).toEqual({ kind: "findings", target: null });
});

it("says what is predicted, and lists one head of each kind, then all, as text", async () => {
  isDrawn.value = true;
  await show(frame);
  await settle();
  expect(root.textContent).toContain("predicts ‘mat’ 63.1 % at 3 ‘c’");
  expect(buttons().map(({ dataset }) => dataset.finding)).toEqual(["induction", "first token"]);
  expect(buttons()[0]?.textContent).toContain("90 % on <b>it</b>");
  await act(() => root.querySelector<HTMLButtonElement>(".aw-link")?.click());
  expect(buttons()).toHaveLength(3);
});

it("goes to the head", async () => {
  isDrawn.value = true;
  await show(frame);
  await settle();
  await act(() => buttons()[0]?.click());
  expect(select.mock.calls[0]?.[0]).toMatchObject({
    ...{ layer: 2, heads: [3], view: "head", method: "attention" },
    tokens_selected: [{ side: "query", index: 3 }],
  });
});

it("is not there where there is nothing to say", async () => {
  isDrawn.value = true;
  await show({ ...frame, findings: [], prediction: null });
  await settle();
  expect(root.innerHTML).toBe("");
});

it("stays folded once it was folded", async () => {
  isDrawn.value = true;
  await show(frame);
  await settle();
  const details = root.querySelector("details") as HTMLDetailsElement;
  await act(() => {
    details.open = false;
    details.dispatchEvent(new Event("toggle"));
  });
  render(null, root);
  const asked: Want[] = [];
  await show(frame, asked);
  await settle();
  expect(root.querySelector("details")?.open).toBe(false);
  expect(asked).toEqual([]);
});

it("leaves a view that shows many heads for one that shows a single head", () => {
  const about = aboutOf([stream]);
  const from = (view: string) => changeToward(about, { ...DEFAULT_SELECTION, view }, finding).view;
  expect(["head", "model", "neuron", "matrix", "trace"].map(from)).toEqual([
    ...["head", "head", "neuron", "matrix", "head"],
  ]);
});

it("shows the key that it speaks of, and falls back on the default method", () => {
  const about = aboutOf([stream]);
  const hidden = { ...DEFAULT_SELECTION, hide_first: true, hide_special: true };
  expect(changeToward(about, hidden, { ...finding, key: 0 })).toMatchObject({
    ...{ hide_first: false, hide_special: false },
  });
  expect(changeToward(about, hidden, finding)).toMatchObject({
    ...{ hide_first: true, hide_special: true },
  });
  expect(changeToward(about, hidden, { ...finding, method: "magic" }).method).toBe("attention");
});

it("cannot go to what a file does not hold", async () => {
  isDrawn.value = true;
  const held = { layers: [0], heads: [0, 1, 2, 3], methods: [] };
  await show(frame, [], aboutOf([{ ...stream, held }], { views: ["head"] }));
  await settle();
  expect(buttons()[0]?.disabled).toBe(true);
  expect(buttons()[0]?.title).toContain("not included");
});
