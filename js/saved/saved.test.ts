import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keepAway } from "./keepAway";
import { isLive, removeWidgetViews, rowOf, wordsBefore } from "./rows";
import { assemble, heightIn } from "./showPage";

const view = (model: string) =>
  `<div class="jp-OutputArea-child"><div class="jupyter-widgets"><script type="application/vnd.jupyter.widget-view+json">{"model_id": "${model}"}</script></div></div>`;
const SAVED = `<div class="jp-OutputArea-child"><div class="attnwidget-saved" data-widget="me" data-model="m1"><img alt=""><p>words</p></div></div>`;

function open(before: string): HTMLElement {
  document.body.innerHTML = before + SAVED;
  return document.querySelector(".attnwidget-saved") as HTMLElement;
}

/** A view of the widget, as it is drawn into a row. */
function live(identity: string): HTMLElement {
  const row = document.createElement("div");
  row.dataset.attnwidget = identity;
  return row;
}

describe("what is around a saved output", () => {
  it("is its row and the words before it", () => {
    const root = open(
      `<div class="jp-OutputArea-child"><pre>AttentionWidget of a model.</pre></div>`,
    );
    expect(rowOf(root)).toBe(root.parentElement);
    expect(wordsBefore(root)).toBe(document.body.firstElementChild);
  });

  it("is left alone where it is something else", () => {
    expect(wordsBefore(open(`<div class="jp-OutputArea-child"><pre>printed</pre></div>`))).toBe(
      null,
    );
    const root = open(view("m1"));
    document.querySelector(".jupyter-widgets")?.append(live("me"));
    expect(wordsBefore(root)).toBe(null);
  });

  it("has its own widget's views taken away, and no other's", () => {
    removeWidgetViews(open(view("m1") + view("m2")));
    const left = [...document.querySelectorAll("script")].map((script) => script.textContent);
    expect(left).toEqual(['{"model_id": "m2"}']);
  });
});

describe("a page that is put together", () => {
  const shell = '<!doctype html><html lang="en"><script data-checksum="0"></script></html>';

  it("holds the data and says that its frame grows", () => {
    expect(assemble(shell, "QUJD$&$1", 7)).toBe(
      '<!doctype html><html data-grows lang="en"><script data-checksum="7">QUJD$&$1</script></html>',
    );
  });

  it("is as high as it says, within bounds", () => {
    const said = (height: unknown) => heightIn({ attnwidget: { height } });
    expect(said(500.2)).toBe(501);
    expect(said(1e9)).toBe(20_000);
    for (const wrong of [0, -1, "500", Number.NaN, null]) expect(said(wrong)).toBe(null);
    for (const message of [null, undefined, "x", {}, { attnwidget: 1 }]) {
      expect(heightIn(message)).toBe(null);
    }
  });
});

describe("in a notebook", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("hides while there is a widget, for good", () => {
    const root = open("");
    keepAway(root);
    expect(rowOf(root).style.display).toBe("none");
    const widget = live("me");
    document.body.append(widget);
    expect(isLive(root)).toBe(true);
    vi.advanceTimersByTime(1000);
    widget.remove();
    vi.advanceTimersByTime(60_000);
    expect(rowOf(root).style.display).toBe("none");
  });

  it("shows after some seconds where no widget comes, and gives way to a late one", () => {
    const root = open(
      `<div class="jp-OutputArea-child"><div class="jupyter-widgets">…</div></div>`,
    );
    const before = document.body.firstElementChild as HTMLElement;
    keepAway(root);
    vi.advanceTimersByTime(5000);
    expect(rowOf(root).style.display).toBe("none");
    vi.advanceTimersByTime(2000);
    expect([rowOf(root).style.display, before.style.display]).toEqual(["", "none"]);
    before.append(live("me"));
    vi.advanceTimersByTime(1000);
    expect([rowOf(root).style.display, before.style.display]).toEqual(["none", ""]);
  });

  it("hides an error that comes after it", () => {
    const root = open("");
    keepAway(root);
    vi.advanceTimersByTime(7000);
    expect(rowOf(root).style.display).toBe("");
    rowOf(root).insertAdjacentHTML(
      "beforebegin",
      `<div class="jp-OutputArea-child"><div class="jupyter-widgets">Error displaying widget</div></div>`,
    );
    const late = document.body.firstElementChild as HTMLElement;
    vi.advanceTimersByTime(500);
    expect(late.style.display).toBe("none");
    late.append(live("me"));
    vi.advanceTimersByTime(500);
    expect([rowOf(root).style.display, late.style.display]).toEqual(["none", ""]);
  });

  it("shows soon where the notebook says that no widget will come", () => {
    const root = open(
      `<div class="jp-OutputArea-child"><div class="jupyter-widgets">Error displaying widget: model not found</div></div>`,
    );
    keepAway(root);
    vi.advanceTimersByTime(1500);
    expect(rowOf(root).style.display).toBe("");
  });
});
