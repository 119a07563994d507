import { useEffect, useMemo, useState } from "preact/hooks";
import type { MethodRow } from "../../frame/method";
import type { ThumbnailsFrame } from "../../frame/thumbnails";
import { type About, lackOf, type StreamAbout } from "../../state/about";
import type { Selection } from "../../state/selection";
import { type FrameSource, SilenceError } from "../../state/source";
import { thumbnailsWant } from "../../state/wants";
import { onLateArrival } from "../common/lateFrames";
import { reportFailure } from "../common/useFrame";
import { useLatest } from "../common/useLatest";
import { useOnScreen } from "../common/useOnScreen";
import type { Report } from "../view";

/** Cells a side that are asked for. */
const CELLS = 128;

/**
 * The scores of a method after each layer, as far as they have come.
 *
 * Asks from the bottom to the top, as each builds on the one below; reports "busy" meanwhile.
 */
export function useRollouts(
  source: FrameSource,
  about: About,
  selection: Selection,
  stream: StreamAbout,
  method: MethodRow,
  report: Report,
): (ThumbnailsFrame | undefined)[] {
  const [attempt, setAttempt] = useState(0);
  const latestReport = useLatest(report);
  const every = Array.from({ length: stream.layers }, (_, layer) =>
    thumbnailsWant(about, { ...selection, method: method.name }, stream, layer, CELLS),
  );
  // The keys stand for the wants.
  const keys = JSON.stringify(every.map((want) => source.keyOf(want)));
  const wants = useMemo(() => every, [source, keys]);

  useEffect(() => {
    const controller = new AbortController();
    const again = () => setAttempt((count) => count + 1);
    const missing = wants.filter(
      (want) => !lackOf(stream, "layers", want.layer) && !source.peek(want),
    );
    const load = async () => {
      for (const want of missing) await source.get(want, controller.signal);
    };
    if (missing.length > 0) latestReport.current("busy");
    load().catch((error: Error) => {
      if (controller.signal.aborted) return;
      reportFailure(latestReport.current, error, again);
      if (error instanceof SilenceError) onLateArrival(source, missing, controller.signal, again);
    });
    return () => controller.abort();
  }, [source, wants, attempt]);

  useOnScreen(source, wants);

  const arrived = source.arrivals.value;
  return useMemo(() => wants.map((want) => source.peek(want)), [source, wants, arrived]);
}
