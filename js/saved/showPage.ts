import { schemeAround, whenRestyled } from "../draw/surroundings";
import { removeWidgetViews, wordsBefore } from "./rows";

const FIRST_HEIGHT = 640;
const LARGEST_HEIGHT = 20_000;

/** Puts the page that is saved in place of its picture and of the output before it. */
export async function showPage(root: HTMLElement): Promise<void> {
  removeWidgetViews(root);
  const words = wordsBefore(root);
  if (words) words.style.display = "none";
  const data = root.querySelector<HTMLElement>(".attnwidget-data");
  const shell = root.querySelector(".attnwidget-shell");
  if (!data || !shell) return;
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.title = root.querySelector("img")?.alt ?? "AttentionWidget";
  frame.style.cssText = `display: block; width: 100%; height: ${FIRST_HEIGHT}px; border: 0`;
  frame.srcdoc = assemble(
    await inflate(shell.textContent ?? ""),
    data.textContent ?? "",
    Number(data.dataset.checksum),
  );
  followScheme(frame, root);
  followHeight(frame);
  for (const still of root.querySelectorAll("img, p")) still.remove();
  root.append(frame);
}

/** The page: the empty one with what it holds, in a frame that is as high as it is. */
export function assemble(shell: string, data: string, checksum: number): string {
  return shell
    .replace("<html", "<html data-grows")
    .replace('data-checksum="0">', () => `data-checksum="${checksum}">${data}`);
}

/** A page in a frame prefers the colours of the frame. */
function followScheme(frame: HTMLIFrameElement, root: HTMLElement): void {
  const follow = () => {
    frame.style.colorScheme = schemeAround(root);
  };
  follow();
  whenRestyled(root.ownerDocument, follow, new AbortController().signal);
}

/** The page says how high it is (js/exported.ts). */
function followHeight(frame: HTMLIFrameElement): void {
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (event.source !== frame.contentWindow) return;
    const height = heightIn(event.data);
    if (height !== null) frame.style.height = `${height}px`;
  });
}

/** The height that a message speaks of; null where it says something else. */
export function heightIn(message: unknown): number | null {
  const said = (message as { attnwidget?: { height?: unknown } } | null)?.attnwidget?.height;
  if (typeof said !== "number" || !(said > 0)) return null;
  return Math.min(Math.ceil(said), LARGEST_HEIGHT);
}

async function inflate(base64: string): Promise<string> {
  const bytes = Uint8Array.from(atob(base64.trim()), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).text();
}
