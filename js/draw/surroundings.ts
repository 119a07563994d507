import type { Scheme } from "./palette";

/** Attributes in which notebooks and other pages say their theme, or which restyle them. */
const ATTRIBUTES = [
  ...["class", "style", "theme", "data-theme"],
  ...["data-jp-theme-light", "data-vscode-theme-kind"],
];

/** The notebook's theme; elsewhere that of the first opaque background, else the page's preference. */
export function schemeAround(el: HTMLElement): Scheme {
  const page = el.ownerDocument;
  return schemeSaid(page) ?? schemeOfPaper(el) ?? schemePreferred(el);
}

/** Calls when a page may have changed its colours. */
export function whenRestyled(page: Document, call: () => void, lifetime: AbortSignal): void {
  const observer = new MutationObserver(call);
  for (const element of [page.documentElement, page.body]) {
    observer.observe(element, { attributes: true, attributeFilter: ATTRIBUTES });
  }
  lifetime.addEventListener("abort", () => observer.disconnect());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", call, { signal: lifetime });
}

function schemeSaid({ body, documentElement }: Document): Scheme | null {
  const { jpThemeLight, vscodeThemeKind } = body.dataset;
  // JupyterLab, Notebook and Voilà.
  if (jpThemeLight) return jpThemeLight === "true" ? "light" : "dark";
  // VS Code: vscode-light, vscode-dark, vscode-high-contrast, vscode-high-contrast-light.
  if (vscodeThemeKind) return vscodeThemeKind.endsWith("light") ? "light" : "dark";
  // Colab's frames around outputs.
  const theme = documentElement.getAttribute("theme");
  return theme === "light" || theme === "dark" ? theme : null;
}

function schemeOfPaper(el: HTMLElement): Scheme | null {
  const canvas = el.ownerDocument.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return null;
  for (let element: Element | null = el; element; element = parentOf(element)) {
    // Drawn and read back, because browsers write colours in many ways: rgb(), color(), oklch().
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = getComputedStyle(element).backgroundColor;
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
    if (alpha > 127) return 0.299 * red + 0.587 * green + 0.114 * blue < 128 ? "dark" : "light";
  }
  return null;
}

/** The element around another, out of a shadow tree as well: marimo puts every widget into one. */
function parentOf(element: Element): Element | null {
  const parent = element.parentNode;
  return parent instanceof ShadowRoot ? parent.host : element.parentElement;
}

function schemePreferred(el: HTMLElement): Scheme {
  const { colorScheme } = getComputedStyle(el);
  if (!colorScheme.includes("dark")) return "light";
  const isChoice = colorScheme.includes("light");
  return isChoice && !matchMedia("(prefers-color-scheme: dark)").matches ? "light" : "dark";
}
