import { mount } from "./app/mount";
import { DamagedError, type Page, readPayload } from "./state/file/payload";
import { StaticSource } from "./state/file/staticSource";
import { createStaticStore } from "./state/file/staticStore";

/** The entry of an exported page: what `index.ts` is to a widget. */
async function open(): Promise<void> {
  const main = document.getElementById("attnwidget");
  const data = document.getElementById("attnwidget-data");
  if (!main) return;
  try {
    assertStyled();
    const text = data?.textContent ?? "";
    const { page, frames } = await readPayload(text, Number(data?.dataset.checksum));
    data?.remove();
    draw(main, page, frames);
    if (parent !== window) sayHeight(main);
    document.getElementById("attnwidget-unopened")?.remove();
  } catch (error) {
    say(error as Error);
  }
}

/** Unstyled, labels would stand beside what they are not of. */
function assertStyled(): void {
  if (getComputedStyle(document.documentElement).getPropertyValue("--aw-page")) return;
  throw new DamagedError("Its stylesheet was changed.");
}

function draw(main: HTMLElement, page: Page, frames: Uint8Array[]): void {
  if (page.title) {
    const heading = document.createElement("h1");
    heading.textContent = page.title;
    main.append(heading);
  }
  const place = document.createElement("div");
  main.append(place);
  const store = createStaticStore(page.about, page.selection, page.importance);
  const source = new StaticSource(page.about, frames);
  mount(place, { store, source }, new AbortController().signal);
}

/** Tells the page around a frame how high this one is, so that it needs no scroll bar. */
function sayHeight(main: HTMLElement): void {
  const say = () => parent.postMessage({ attnwidget: { height: main.offsetHeight } }, "*");
  new ResizeObserver(say).observe(main);
  // Browsers do not observe what is out of sight.
  say();
}

function say(error: Error): void {
  const line = document.getElementById("attnwidget-unopened");
  if (!line) return;
  line.dataset.now = "";
  line.textContent = `This file is damaged: ${error.message} Ask for it again; nothing of it is shown, because it might be wrong.`;
}

open();
