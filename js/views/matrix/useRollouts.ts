import { useEffect, useMemo, useState } from "preact/hooks";
import type { ThumbnailsFrame } from "../../frame/thumbnails";
import type { ThumbnailsWant } from "../../frame/want";
import { lackOf, type StreamAbout } from "../../state/about";
import type { Selection } from "../../state/selection";
import { type FrameSource, SilenceError } from "../../state/source";
import { onLateArrival } from "../common/lateFrames";
import { reportFailure } from "../common/useFrame";
import { useLatest } from "../common/useLatest";
import { useOnScreen } from "../common/useOnScreen";
import type { Report } from "../view";

/** Cells a side that are asked for. */
const CELLS = 128;

/**
 * The rollout after each layer, as far as it has come.
 *
 * Asks from the bottom to the top, as each builds on the one below; reports "busy" meanwhile.
 */
export function useRollouts(
  source: FrameSource,
  selection: Selection,
  stream: StreamAbout,
  report: Report,
): (ThumbnailsFrame | undefined)[] {
  const [attempt, setAttempt] = useState(0);
  const latestReport = useLatest(report);
  const { fusion, discard_ratio, hide_special, hide_first } = selection;
  const wants = useMemo(
    () =>
      Array.from(
        { length: stream.layers },
        (_, layer): ThumbnailsWant => ({
          ...{ kind: "thumbnails", stream: stream.name, layer, method: "rollout", target: null },
          ...{ fusion, discard_ratio, hide_special, hide_first, size: CELLS },
        }),
      ),
    [stream, fusion, discard_ratio, hide_special, hide_first],
  );

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
