import { useEffect, useMemo, useState } from "preact/hooks";
import { methodKey } from "../../frame/method";
import type { SummaryFrame } from "../../frame/summary";
import type { ThumbnailsFrame } from "../../frame/thumbnails";
import type { ThumbnailsWant, Want } from "../../frame/want";
import { lackOf, type StreamAbout } from "../../state/about";
import type { Selection } from "../../state/selection";
import { type FrameSource, SilenceError } from "../../state/source";
import { summaryWant } from "../../state/wants";
import { onLateArrival } from "../common/lateFrames";
import { reportFailure } from "../common/useFrame";
import { useLatest } from "../common/useLatest";
import { useOnScreen } from "../common/useOnScreen";
import type { Report } from "../view";
import { type LayerRange, loadingOrder } from "./layout";

/** Cells a side that are asked for; longer inputs are pooled. */
export const CELLS = 48;

/** The frames of a layer that have come so far. */
export interface LayerFrames {
  thumbnails: ThumbnailsFrame | undefined;
  summary: SummaryFrame | undefined;
}

/**
 * The thumbnails and figures of every layer as far as they have come, those in sight first.
 *
 * Reports "busy" while one in sight is missing, and an error when one does not come.
 */
export function useThumbnails(
  source: FrameSource,
  selection: Selection,
  stream: StreamAbout,
  sight: LayerRange,
  report: Report,
): LayerFrames[] {
  const [attempt, setAttempt] = useState(0);
  const latestReport = useLatest(report);
  const { hide_special, hide_first } = selection;
  const method = JSON.stringify(methodKey(selection)) + selection.fusion;
  const { first, last } = sight;

  useEffect(() => {
    const controller = new AbortController();
    const again = () => setAttempt((count) => count + 1);
    const missing = wantsInOrder(selection, stream, sight).filter((want) => !source.peek(want));
    const wants = [...missing];
    const isInSight = (want?: Want) =>
      want?.kind === "thumbnails" && want.layer >= first && want.layer <= last;
    if (isInSight(wants[0])) latestReport.current("busy", "Loading thumbnails");

    const load = async (isWanted: (want?: Want) => boolean) => {
      while (isWanted(wants[0])) {
        const want = wants.shift();
        if (want) await source.get(want, controller.signal);
      }
    };
    // Layers in sight are asked for two at a time; the others leave room for other requests.
    const loading = [load((want) => want !== undefined), load(isInSight)];
    Promise.all(loading).catch((error: Error) => {
      if (controller.signal.aborted) return;
      wants.length = 0;
      reportFailure(latestReport.current, error, again);
      if (error instanceof SilenceError) onLateArrival(source, missing, controller.signal, again);
    });
    return () => controller.abort();
  }, [source, stream, method, hide_special, hide_first, first, last, attempt]);

  useOnScreen(source, wantsInOrder(selection, stream, sight));

  const arrived = source.arrivals.value;
  return useMemo(
    () =>
      Array.from({ length: stream.layers }, (_, layer) => ({
        thumbnails: source.peek(thumbnailsWant(selection, stream, layer)),
        summary: source.peek(summaryWant(stream, layer)),
      })),
    [source, stream, method, hide_special, hide_first, arrived],
  );
}

function wantsInOrder(selection: Selection, stream: StreamAbout, sight: LayerRange): Want[] {
  const layers = loadingOrder(sight, stream.layers).filter(
    (layer) => lackOf(stream, "layers", layer) === null,
  );
  return [
    ...layers.map((layer) => thumbnailsWant(selection, stream, layer)),
    ...layers.map((layer) => summaryWant(stream, layer)),
  ];
}

function thumbnailsWant(selection: Selection, stream: StreamAbout, layer: number): ThumbnailsWant {
  return {
    kind: "thumbnails",
    stream: stream.name,
    layer,
    method: selection.method,
    fusion: selection.fusion,
    discard_ratio: selection.discard_ratio,
    target: selection.target,
    hide_special: selection.hide_special,
    hide_first: selection.hide_first,
    size: CELLS,
  };
}
