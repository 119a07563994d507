import { splitFrames } from "../frame/several";
import { type Asking, Channel, type Paper } from "./channel";
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
}

/** Asks the kernel for the current view as SVG. */
export type DrawPicture = (theme: Paper, asking: Omit<Asking, "timeout">) => Promise<string>;

/** Milliseconds without news after which a picture is given up. */
const PICTURE_TIMEOUT = 30_000;

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
    const bytes = await channel.request(want, { timeout: PICTURE_TIMEOUT, ...asking });
    return new TextDecoder().decode(bytes);
  };
  return { store, source, picture };
}

/** marimo keeps no widgets in its files, and runs the cells that read one at each of its updates. */
function savesWidgets(): boolean {
  return customElements.get("marimo-anywidget") === undefined;
}
