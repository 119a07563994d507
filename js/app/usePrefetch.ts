import { useEffect } from "preact/hooks";
import type { About, StreamAbout } from "../state/about";
import { likelyWants } from "../state/prefetch";
import type { Selection } from "../state/selection";
import type { FrameSource } from "../state/source";
import { rowsWant } from "../state/wants";

/** Once the selection has rested a moment, wishes for what is likely to be asked for next. */
export function usePrefetch(
  source: FrameSource,
  about: About,
  selection: Selection,
  stream: StreamAbout,
): void {
  const { view } = selection;
  // Pins and looks change nothing about what is fetched: the key of the rows does.
  const key = source.keyOf(rowsWant(about, selection, stream));
  useEffect(() => {
    if (view !== "head") return source.prefetch([]);
    source.prefetch(likelyWants(about, selection, stream));
  }, [source, stream, view, key]);
}
