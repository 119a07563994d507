import { useEffect } from "preact/hooks";
import type { StreamAbout } from "../state/about";
import type { Selection } from "../state/selection";
import type { FrameSource } from "../state/source";
import type { View } from "../views/view";

/** Asks ahead for the frames that the view is likely to show next. */
export function usePrefetch(
  source: FrameSource,
  view: View,
  selection: Selection,
  stream: StreamAbout,
): void {
  const { layer, heads, fusion, method, target } = selection;
  const { hide_special, hide_first, pair_filter } = selection;
  // Pins and looks change nothing about what is fetched.
  useEffect(() => {
    source.prefetch(view.prefetch?.(selection, stream) ?? []);
  }, [
    ...[source, stream, view, layer, heads, fusion, method, target],
    ...[hide_special, hide_first, pair_filter],
  ]);
}
