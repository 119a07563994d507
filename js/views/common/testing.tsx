/** Fixtures for tests of views: a small stream, a source that has every frame, a page. */
import { signal } from "@preact/signals";
import { type ComponentType, render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, vi } from "vitest";
import type { HeadEffectsFrame } from "../../frame/headEffects";
import type { NeuronFrame } from "../../frame/neuron";
import type { RowsFrame } from "../../frame/rows";
import type { SummaryFrame } from "../../frame/summary";
import { ABOUT_METHODS } from "../../frame/testing";
import type { ThumbnailsFrame } from "../../frame/thumbnails";
import { type Frame, type Want, wantKey } from "../../frame/want";
import type { Selection } from "../../state/selection";
import type { FrameSource } from "../../state/source";
import { aboutOf, DEFAULT_SELECTION, streamOf } from "../../state/testing";
import type { ViewProps } from "../view";

const text = ["[CLS]", "a", "b", "c", "[SEP]"];
export const stream = streamOf({
  layers: 3,
  queries: { text, special: [0, 4], continues: [], segments: [] },
});
const selection: Selection = { ...DEFAULT_SELECTION, view: "model", layer: 1 };

const thumbnails: ThumbnailsFrame = {
  ...{ kind: "thumbnails", heads: 4, rows: 5, columns: 5, top: 1, signed: false },
  cells: new Uint8Array(100),
};
const figures = new Float32Array(4).fill(0.25);
const summary: SummaryFrame = {
  ...{ kind: "summary", entropy: figures, effective: figures, first: figures },
  ...{ diagonal: figures, previous: figures },
};
const neuron: NeuronFrame = {
  ...{ kind: "neuron", dimensions: 8, keyCount: 5, bias: null, capped: null, softcap: null },
  ...{ query: new Float32Array(8), keys: new Float32Array(40), scaled: new Float32Array(5) },
  ...{ allowed: Uint8Array.of(1, 1, 1, 1, 0), weights: Float32Array.of(0.1, 0.5, 0.2, 0.1, 0) },
  ...{ scale: 0.25, sink: -1 },
};

const rows: RowsFrame = {
  ...{ kind: "rows", heads: 1, queries: 5, listed: 5, scale: 1, hidden: 0, hiddenMass: [0] },
  indices: Uint8Array.from({ length: 25 }, (_, at) => at % 5),
  ...{ weights: new Float32Array(25).fill(0.2), rest: new Float32Array(5) },
  received: new Float32Array(5).fill(0.2),
};

/** The last head of the last layer is 1 or, exact, 2; the first of the first is the opposite. */
function effectsOfLayer(layer: number, exact: boolean): HeadEffectsFrame {
  const size = exact ? 2 : 1;
  const effects = [0, 1, 2, 3].map((head) => (size * (layer + head - 2.5)) / 2.5);
  return { kind: "head_effects", effects };
}

function frameFor(want: Want): Frame {
  if (want.kind === "rows") return rows;
  if (want.kind === "thumbnails") return thumbnails;
  if (want.kind === "summary") return summary;
  if (want.kind === "head_effects") return effectsOfLayer(want.layer, want.exact);
  return neuron;
}

/** Has every frame at hand and notes what was asked for. */
export function readySource(asked: Want[] = []): FrameSource {
  const answer = (want: Want) => {
    asked.push(want);
    return frameFor(want);
  };
  return {
    keyOf: (want) => wantKey(ABOUT_METHODS, want),
    peek: answer as FrameSource["peek"],
    get: (async (want: Want) => answer(want)) as FrameSource["get"],
    prefetch: () => undefined,
    cancel: () => undefined,
    arrivals: signal(0),
    answering: signal(true),
    progress: signal(null),
  };
}

/** The element in which views are shown. */
export let root: HTMLElement;

export function props(change: Partial<ViewProps> = {}): ViewProps {
  return {
    importance: null,
    about: aboutOf([change.stream ?? stream]),
    ...{ stream, selection, source: readySource(), hover: signal(null), scheme: signal("light") },
    actions: { select: vi.fn(), togglePin: vi.fn(), pick: vi.fn(), clearPins: vi.fn() },
    report: vi.fn(),
    ...change,
  };
}

export async function show(View: ComponentType<ViewProps>, given: ViewProps) {
  await act(() => render(<View {...given} />, root));
}

export function find(selector: string): HTMLElement {
  const element = root.querySelector<HTMLElement>(selector);
  if (!element) throw new Error(`There is no ${selector}.`);
  return element;
}

export async function press(element: HTMLElement, key: string) {
  await act(() => {
    element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  });
}

/** Gives every test a page of its own, 1,000 px wide. */
export function usePage(): void {
  beforeEach(() => {
    vi.stubGlobal("ResizeObserver", undefined);
    vi.spyOn(Element.prototype, "getBoundingClientRect").mockReturnValue(
      new DOMRect(0, 0, 1000, 600),
    );
    vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(480);
    root = document.body.appendChild(document.createElement("div"));
  });

  afterEach(() => {
    render(null, root);
    root.remove();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });
}
