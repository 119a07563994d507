import { effect } from "@preact/signals";
import { joinFrames } from "../frame/several";
import type { KernelSource } from "./kernelSource";
import type { WidgetModel } from "./model";
import type { Store } from "./store";

const SETTLED_AFTER = 300;
/** A notebook holds its widgets' state as text: larger pictures are asked for again instead. */
const LARGEST_BYTES = 4 * 2 ** 20;

/** Saves the frames that are on the screen with the widget, so that a reopened notebook draws. */
export function keepSnapshot(
  model: WidgetModel,
  store: Store,
  source: KernelSource,
  lifetime: AbortSignal,
): void {
  let saved = "";
  const save = () => {
    const shown = source.shown();
    const keys = JSON.stringify(shown.map(({ key }) => key));
    if (shown.length === 0 || keys === saved) return;
    saved = keys;
    const frames = smallest(shown.map(({ bytes }) => bytes));
    model.set("snapshot", new DataView(joinFrames(frames).buffer));
    model.save_changes();
  };
  const stop = effect(() => {
    store.selection.value;
    source.arrivals.value;
    const timer = setTimeout(save, SETTLED_AFTER);
    return () => clearTimeout(timer);
  });
  const saveWhenHidden = () => {
    if (document.visibilityState === "hidden") save();
  };
  document.addEventListener("visibilitychange", saveWhenHidden, { signal: lifetime });
  lifetime.addEventListener("abort", stop);
}

/** As many as there is room for; the largest are left out. */
function smallest(frames: Uint8Array[]): Uint8Array[] {
  let room = LARGEST_BYTES;
  return [...frames]
    .sort((a, b) => a.length - b.length)
    .filter((frame) => {
      room -= frame.length;
      return room >= 0;
    });
}
