import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { DrawPicture } from "../state/session";
import { CancelledError } from "../state/source";
import { Save } from "./Save";

let root: HTMLElement;
let downloads: string[];

beforeEach(() => {
  downloads = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    downloads.push(this.download);
  });
  // The simulated page draws no images.
  vi.spyOn(HTMLImageElement.prototype, "decode").mockResolvedValue(undefined);
  vi.spyOn(HTMLCanvasElement.prototype, "toBlob").mockImplementation((take) =>
    take(new Blob(["pixels"])),
  );
  root = document.createElement("div");
  document.body.append(root);
});

afterEach(() => {
  render(null, root);
  root.remove();
  vi.restoreAllMocks();
});

const button = (text: string) =>
  [...root.querySelectorAll("button")].find((each) => each.textContent === text);
const status = () => root.querySelector("[role=status]")?.textContent ?? "";
const click = (element?: HTMLElement | null) => act(async () => element?.click());

async function open(picture: DrawPicture) {
  await act(() => render(<Save view="head" picture={picture} />, root));
  await click(button("Save"));
}

it("draws on white unless dark paper is chosen", async () => {
  const picture = vi.fn<DrawPicture>(async () => "<svg/>");
  await open(picture);
  await click(button("SVG"));
  await click(root.querySelector<HTMLElement>("input[value=dark]"));
  await click(button("PNG"));
  expect(picture.mock.calls.map(([paper]) => paper)).toEqual(["light", "dark"]);
  await vi.waitFor(() => expect(downloads).toEqual(["attention-head.svg", "attention-head.png"]));
});

it("says how far it has come, and stops when told to", async () => {
  await open(
    (_, { onProgress, cancel }) =>
      new Promise((_resolve, reject) => {
        onProgress?.({ what: "picture", done: 1, total: 4 });
        cancel?.addEventListener("abort", () => reject(new CancelledError("This was cancelled.")));
      }),
  );
  await click(button("SVG"));
  expect(root.querySelector("progress")?.value).toBe(1);
  expect(button("PNG")?.disabled).toBe(true);
  await click(button("Cancel"));
  expect(root.querySelector("progress")).toBeNull();
  expect(button("PNG")?.disabled).toBe(false);
  expect(downloads).toEqual([]);
});

it("says why there is no picture", async () => {
  await open(async () => {
    throw new Error("The kernel has not answered for 30 s.");
  });
  await click(button("SVG"));
  expect(status()).toBe("The kernel has not answered for 30 s.");
});
