import { type ReadonlySignal, signal } from "@preact/signals";
import { splitFrames } from "../frame/several";
import { type Asking, Channel, type Paper } from "./channel";
import type { Edit } from "./edits";
import { KernelSource } from "./kernelSource";
import type { WidgetModel } from "./model";
import { keepSnapshot } from "./snapshot";
import type { FrameSource } from "./source";
import { createStore, type Store } from "./store";

/** The state that the views of one widget share. */
export interface Session {
  readonly store: Store;
  readonly source: FrameSource;
  /** Absent where there is no kernel to ask: in a file. */
  readonly picture?: DrawPicture;
  /** Absent as well. */
  readonly edit?: MakeEdits;
}

/** Lets the kernel make the run of some edits, and returns them as it understands them. */
export type MakeEdits = (edits: Edit[], asking: Omit<Asking, "timeout">) => Promise<Edit[]>;

/** Asks the kernel for the current view as SVG. */
export type DrawPicture = (theme: Paper, asking: Omit<Asking, "timeout">) => Promise<string>;

/** Milliseconds without news after which a picture or a run is given up. */
const LONG_TIMEOUT = 30_000;

/**
 * The session of a widget model, another one after each change of the trace's description.
 *
 * Nothing of one is left in the next: requests are given up, and frames are forgotten.
 */
export function createSessions(model: WidgetModel, lifetime: AbortSignal): ReadonlySignal<Session> {
  let own = new AbortController();
  let scheduled = false;
  const sessions = signal(createSession(model, own.signal));
  const restart = () => {
    scheduled = false;
    if (lifetime.aborted) return;
    own.abort();
    own = new AbortController();
    sessions.value = createSession(model, own.signal);
  };
  // Some notebooks tell the traits of one update one by one: begin anew when all are set.
  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(restart);
  };
  model.on("change:about", schedule);
  lifetime.addEventListener("abort", () => {
    model.off("change:about", schedule);
    own.abort();
  });
  return sessions;
}

/** Wire a widget model to a selection and a frame source, until the signal aborts. */
export function createSession(model: WidgetModel, lifetime: AbortSignal): Session {
  const channel: Channel = new Channel(model, lifetime, (bytes) => source.accept(bytes));
  const source = new KernelSource(model.get("about"), channel, lifetime);
  const store = createStore(model, lifetime, (bytes) => {
    for (const frame of splitFrames(bytes)) source.accept(frame);
  });
  if (savesWidgets()) keepSnapshot(model, store, source, lifetime);
  const picture: DrawPicture = async (theme, asking) => {
    const want = { kind: "picture", theme } as const;
    const bytes = await channel.request(want, { timeout: LONG_TIMEOUT, ...asking });
    return new TextDecoder().decode(bytes);
  };
  const edit: MakeEdits = async (edits, asking) => {
    const bytes = await channel.request(
      { kind: "edits", edits },
      { timeout: LONG_TIMEOUT, ...asking },
    );
    return JSON.parse(new TextDecoder().decode(bytes)) as Edit[];
  };
  return { store, source, picture, edit };
}

/** marimo keeps no widgets in its files, and runs the cells that read one at each of its updates. */
function savesWidgets(): boolean {
  return customElements.get("marimo-anywidget") === undefined;
}
