import { afterEach, beforeEach, expect, it, vi } from "vitest";
import attnwidget from "..";
import { encodeRows } from "../frame/encode";
import type { RowsFrame } from "../frame/rows";
import { rowsWantOf } from "../frame/testing";
import type { Traits } from "../state/model";
import { aboutOf, DEFAULT_SELECTION, FakeModel, streamOf } from "../state/testing";
import { VIEWS } from "../views/registry";

const HEADS = 3;
const QUERIES = 4;
const LACKS = {
  neuron: "This trace holds no queries and keys",
  trace: "Layers cannot follow one another here",
};

const uniform: RowsFrame = {
  kind: "rows",
  heads: 1,
  queries: QUERIES,
  listed: QUERIES,
  indices: Uint8Array.from({ length: QUERIES * QUERIES }, (_, at) => at % QUERIES),
  weights: new Float32Array(QUERIES * QUERIES).fill(0.25),
  rest: new Float32Array(QUERIES),
  received: new Float32Array(QUERIES).fill(0.25),
  scale: 1,
  hidden: 0,
  hiddenMass: [0],
};

function traits(): Traits {
  const text = ["[CLS]", "<b>bold</b>", "cat", "[SEP]"];
  const queries = { text, special: [0, 3], continues: [], segments: [], written: [3] };
  const lacks = { methods: {}, views: LACKS };
  const stream = streamOf({ layers: 2, heads: HEADS, projections: false, lacks, queries });
  return {
    about: aboutOf([stream]),
    snapshot: new DataView(encodeRows(rowsWantOf(), uniform).buffer),
    head_importance: null,
    identity: "",
    ...DEFAULT_SELECTION,
    theme: "dark",
  };
}

let model: FakeModel;
let el: HTMLElement;
const closing: (() => void)[] = [];

function open(): HTMLElement {
  const element = document.createElement("div");
  document.body.append(element);
  return element;
}

const find = (selector: string, within: ParentNode = el) => {
  const found = within.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`Nothing matches ${selector}`);
  return found;
};

const settle = () => new Promise((resolve) => setTimeout(resolve, 60));

beforeEach(() => {
  vi.stubGlobal("matchMedia", () => ({ matches: true, addEventListener: () => undefined }));
  model = new FakeModel(traits());
  el = open();
  const widget = attnwidget();
  closing.push(widget.initialize({ model: model.asModel }));
  closing.push(widget.render({ model: model.asModel, el }));
});

afterEach(() => {
  for (const close of closing.splice(0).reverse()) close();
  el.remove();
  vi.unstubAllGlobals();
});

it("draws the snapshot without asking for it", async () => {
  await settle();
  const root = find(".attnwidget");
  expect(root.dataset).toMatchObject({
    view: "head",
    stream: "self",
    layer: "0",
    method: "attention",
    scheme: "dark",
  });
  expect(el.querySelectorAll('[data-side="query"]')).toHaveLength(QUERIES);
  expect(el.querySelectorAll('[data-side="key"]')).toHaveLength(QUERIES);
  expect(el.querySelectorAll("[data-head]")).toHaveLength(HEADS);
  expect(el.querySelectorAll('[name="view"]')).toHaveLength(VIEWS.length);
  expect(el.querySelector('[name="stream"]')).toBeNull();
  const shown = ({ want }: (typeof model.sent)[0]) =>
    want.kind === "rows" && want.layer === 0 && !want.heads;
  expect(model.sent.some(shown)).toBe(false);
});

it("shows hostile text as text", () => {
  expect(el.querySelector("b b, .aw-token b")).toBeNull();
  expect(find('[data-side="query"][data-index="1"]').textContent).toBe("<b>bold</b>");
});

it("tells what the model wrote from what it read", () => {
  const labels = [2, 3].map((index) =>
    find(`[data-side="key"][data-index="${index}"]`).getAttribute("aria-label"),
  );
  expect(labels).toEqual(["key 2, cat", "key 3, [SEP], written by the model"]);
  expect(el.querySelectorAll("[data-side][data-written]")).toHaveLength(2);
  expect(find(".aw-written-legend").textContent).toContain("written by the model: 1 of 4 tokens");
});

it("pins a clicked token, tells Python, and releases it on Escape", async () => {
  find('[data-side="query"][data-index="2"]').click();
  await settle();
  expect(model.get("tokens_selected")).toEqual([{ side: "query", index: 2 }]);
  const token = find('[data-side="query"][data-index="2"]');
  expect(token.getAttribute("aria-pressed")).toBe("true");
  expect(token.getAttribute("aria-label")).toBe("query 2, cat, pinned");
  token.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  await settle();
  expect(model.get("tokens_selected")).toEqual([]);
});

it("follows a trait that Python sets", async () => {
  model.update({ layer: 1, heads: [2] });
  await settle();
  expect(find(".attnwidget").dataset.layer).toBe("1");
  expect(find('[data-head="2"]').getAttribute("aria-pressed")).toBe("true");
});

it.each([
  ["neuron", "no queries and keys"],
  ["trace", "cannot follow one another"],
])("keeps the %s tab, which the trace cannot fill, closed, and says why", (name, why) => {
  const radio = find(`[name="view"][value="${name}"]`) as HTMLInputElement;
  expect(radio.disabled).toBe(true);
  expect(radio.closest("label")?.title).toContain(why);
});

it("leaves nothing behind when it is closed", () => {
  for (const close of closing.splice(0).reverse()) close();
  expect(el.childNodes).toHaveLength(0);
  expect(model.listeners).toBe(0);
});

it("says what was assumed about the input, as text", async () => {
  const note = "3 of 9 tokens were cut at the end: <b>truncation</b>";
  const noted = new FakeModel(traits());
  noted.set("about", { ...traits().about, notes: [note] });
  const element = open();
  const widget = attnwidget();
  closing.push(widget.initialize({ model: noted.asModel }));
  closing.push(widget.render({ model: noted.asModel, el: element }));
  await settle();
  expect(find(".aw-notes", element).textContent).toBe(note);
  expect(el.querySelector(".aw-notes")).toBeNull();
  element.remove();
});
