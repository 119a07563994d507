import { useEffect } from "preact/hooks";
import type { StreamAbout } from "../state/about";
import { likelyWants } from "../state/prefetch";
import type { Selection } from "../state/selection";
import type { FrameSource } from "../state/source";

/** Once the selection has rested a moment, wishes for what is likely to be asked for next. */
export function usePrefetch(source: FrameSource, selection: Selection, stream: StreamAbout): void {
  const { view, layer, heads, fusion, method, target } = selection;
  const { hide_special, hide_first, pair_filter } = selection;
  // Pins and looks change nothing about what is fetched.
  useEffect(() => {
    if (view !== "head") return source.prefetch([]);
    source.prefetch(likelyWants(selection, stream));
  }, [
    ...[source, stream, view, layer, heads, fusion, method, target],
    ...[hide_special, hide_first, pair_filter],
  ]);
}
