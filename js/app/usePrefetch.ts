import { useEffect } from "preact/hooks";
import type { About, StreamAbout } from "../state/about";
import type { Selection } from "../state/selection";
import type { FrameSource } from "../state/source";
import { rowsWant } from "../state/wants";
import type { View } from "../views/view";

/** Asks ahead for the frames that the view is likely to show next. */
export function usePrefetch(
  source: FrameSource,
  about: About,
  view: View,
  selection: Selection,
  stream: StreamAbout,
): void {
  // Pins and looks change nothing about what is fetched: the key of the rows does.
  const key = source.keyOf(rowsWant(about, selection, stream));
  useEffect(() => {
    source.prefetch(view.prefetch?.(about, selection, stream) ?? []);
  }, [source, stream, view, key]);
}
