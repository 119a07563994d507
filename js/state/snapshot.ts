import { effect } from "@preact/signals";
import { encodeRows } from "../frame/encode";
import { wantKey } from "../frame/want";
import type { WidgetModel } from "../model";
import { streamOf } from "./clamp";
import type { FrameSource } from "./source";
import type { Store } from "./store";
import { rowsWant } from "./wants";

const SETTLED_AFTER = 1000;
/** A notebook holds its widgets' state as text: larger pictures are asked for again instead. */
const LARGEST_BYTES = 4 * 2 ** 20;

/** Once the selection has settled, saves its frame with the widget, so that a reopened notebook draws. */
export function keepSnapshot(
  model: WidgetModel,
  store: Store,
  source: FrameSource,
  lifetime: AbortSignal,
): void {
  const wanted = () => {
    const selection = store.selection.peek();
    return rowsWant(selection, streamOf(store.about, selection.stream));
  };
  // What Python sends comes with the frame of its selection.
  let saved = model.get("snapshot")?.byteLength ? wantKey(wanted()) : "";
  const save = () => {
    const want = wanted();
    const frame = source.peek(want);
    if (!frame || wantKey(want) === saved) return;
    saved = wantKey(want);
    const bytes = encodeRows(want, frame);
    if (bytes.byteLength > LARGEST_BYTES) return;
    model.set("snapshot", new DataView(bytes.buffer));
    model.save_changes();
  };
  const stop = effect(() => {
    store.selection.value;
    source.arrivals.value;
    const timer = setTimeout(save, SETTLED_AFTER);
    return () => clearTimeout(timer);
  });
  lifetime.addEventListener("abort", stop);
}
