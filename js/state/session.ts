import type { WidgetModel } from "../model";
import { Channel } from "./channel";
import { KernelSource } from "./kernelSource";
import { keepSnapshot } from "./snapshot";
import type { FrameSource } from "./source";
import { createStore, type Store } from "./store";

/** What the views of one widget share. */
export interface Session {
  readonly store: Store;
  readonly source: FrameSource;
}

/** Wire a widget model to a selection and a frame source, until the signal aborts. */
export function createSession(model: WidgetModel, lifetime: AbortSignal): Session {
  const source: KernelSource = new KernelSource(
    new Channel(model, lifetime, (bytes) => source.accept(bytes)),
    lifetime,
  );
  const store = createStore(model, lifetime, (bytes) => source.accept(bytes));
  keepSnapshot(model, store, source, lifetime);
  return { store, source };
}
