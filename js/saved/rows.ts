/** The elements around a notebook's outputs: in JupyterLab and its likes, and in older pages. */
const ROW = ".jp-OutputArea-child, .output_area";

const WIDGET_VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]';

/** The row of an output, or the element itself where there is none. */
export function rowOf(element: HTMLElement): HTMLElement {
  return element.closest<HTMLElement>(ROW) ?? element;
}

/** True where a view of the widget is in the document. */
export function isLive(root: HTMLElement): boolean {
  const identity = CSS.escape(root.dataset.widget ?? "");
  return root.ownerDocument.querySelector(`[data-attnwidget="${identity}"]`) !== null;
}

/** The row before, where the widget would be, if there is something else: words or an error. */
export function wordsBefore(root: HTMLElement): HTMLElement | null {
  const before = rowOf(root).previousElementSibling;
  if (!(before instanceof HTMLElement) || before.querySelector("[data-attnwidget]")) return null;
  const isWidget = before.querySelector(".jupyter-widgets, .widget-subarea") !== null;
  const text = before.querySelector("pre")?.textContent?.trim() ?? "";
  return isWidget || text.startsWith("AttentionWidget of ") ? before : null;
}

/** Removes what another script would draw the widget into, a second time. */
export function removeWidgetViews(root: HTMLElement): void {
  for (const script of root.ownerDocument.querySelectorAll<HTMLElement>(WIDGET_VIEW)) {
    if (modelOf(script) !== root.dataset.model) continue;
    rowOf(script).style.display = "none";
    script.remove();
  }
}

function modelOf(script: HTMLElement): unknown {
  try {
    return JSON.parse(script.textContent ?? "").model_id;
  } catch {
    return null;
  }
}
