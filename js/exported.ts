import { signal } from "@preact/signals";
import { mount } from "./app/mount";
import { DamagedError, type Page, readBlocks, readPage } from "./kernel-free/payload";
import { StaticSource } from "./kernel-free/staticSource";
import { createStaticStore } from "./kernel-free/staticStore";

/** Milliseconds without input after which frames that are not on the screen are read. */
const IDLE_AFTER = 100;
/** A page that is out of sight draws nothing, and is read all the same. */
const LONGEST_UNTIL_DRAWN = 500;

/**
 * The entry of an exported page: what `index.ts` is to a widget.
 *
 * It runs before all of the page is there, and draws what is shown first before it reads the rest.
 */
async function open(): Promise<void> {
  const main = document.getElementById("attnwidget");
  const line = document.getElementById("attnwidget-unopened");
  if (!main || !line) return;
  const lifetime = new AbortController();
  try {
    assertStyled();
    const data = document.getElementById("attnwidget-data");
    const [first, ...frames] = await readBlocks(textOf(data), Number(data?.dataset.checksum));
    const page = readPage(first);
    const source = new StaticSource(page.about, frames, () => readRest(page));
    line.hidden = true;
    draw(main, page, source, lifetime.signal);
    if (parent !== window) sayHeight(main);
    await drawn();
    await source.complete();
    line.remove();
  } catch (error) {
    lifetime.abort();
    main.replaceChildren();
    say(line, error as Error);
  }
}

async function readRest({ rest }: Page): Promise<Uint8Array[]> {
  if (rest === null) return [];
  await parsed();
  return readBlocks(textOf(document.getElementById("attnwidget-rest")), rest);
}

/** The text of an element that is not needed any more. */
function textOf(element: HTMLElement | null): string {
  const text = element?.textContent ?? "";
  element?.remove();
  return text;
}

/** Once all of the document is there. */
function parsed(): Promise<void> {
  return new Promise((resolve) => {
    if (document.readyState !== "loading") resolve();
    else document.addEventListener("DOMContentLoaded", () => resolve(), { once: true });
  });
}

/** Once the picture is on the screen. */
function drawn(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, IDLE_AFTER)));
    setTimeout(resolve, LONGEST_UNTIL_DRAWN);
  });
}

/** Refuses to draw without the stylesheet, because labels would stand next to the wrong things. */
function assertStyled(): void {
  if (getComputedStyle(document.documentElement).getPropertyValue("--aw-page")) return;
  throw new DamagedError("Its stylesheet was changed.");
}

function draw(main: HTMLElement, page: Page, source: StaticSource, lifetime: AbortSignal): void {
  if (page.title) {
    const heading = document.createElement("h1");
    heading.textContent = page.title;
    main.append(heading);
  }
  const place = document.createElement("div");
  main.append(place);
  const store = createStaticStore(page.about, page.selection, page.importance);
  mount(place, signal({ store, source }), lifetime);
}

/** Tells the page around a frame how high this one is, so that it needs no scroll bar. */
function sayHeight(main: HTMLElement): void {
  const say = () => parent.postMessage({ attnwidget: { height: main.offsetHeight } }, "*");
  new ResizeObserver(say).observe(main);
  // Browsers do not observe what is out of sight.
  say();
}

function say(line: HTMLElement, error: Error): void {
  line.hidden = false;
  line.dataset.now = "";
  line.textContent = `This file is damaged: ${error.message} Ask for it again; nothing of it is shown, because it might be wrong.`;
}

open();
