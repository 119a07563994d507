import { useEffect, useMemo, useState } from "preact/hooks";
import { thumbnails } from "../../../attnwidget/shared/limits.json";
import type { SummaryFrame } from "../../frame/summary";
import type { ThumbnailsFrame } from "../../frame/thumbnails";
import type { Want } from "../../frame/want";
import { type About, lackOf, type StreamAbout } from "../../state/about";
import type { Selection } from "../../state/selection";
import { type FrameSource, SilenceError } from "../../state/source";
import { summaryWant, thumbnailsWant } from "../../state/wants";
import { onLateArrival } from "../common/lateFrames";
import { reportFailure } from "../common/useFrame";
import { useLatest } from "../common/useLatest";
import { useOnScreen } from "../common/useOnScreen";
import type { Report } from "../view";
import { type LayerRange, loadingOrder } from "./layout";

/** The frames of a layer that have come so far. */
export interface LayerFrames {
  thumbnails: ThumbnailsFrame | undefined;
  summary: SummaryFrame | undefined;
}

/**
 * The thumbnails and figures of every layer as far as they have come, those in sight first.
 *
 * Reports "busy" while one in sight is missing, and an error when one does not come. For a table,
 * figures are asked for alone.
 */
export function useThumbnails(
  source: FrameSource,
  about: About,
  selection: Selection,
  stream: StreamAbout,
  sight: LayerRange,
  figuresOnly: boolean,
  report: Report,
): LayerFrames[] {
  const [attempt, setAttempt] = useState(0);
  const latestReport = useLatest(report);
  const { first, last } = sight;
  // The key of one layer stands for those of all.
  const key = source.keyOf(thumbnailsWant(about, selection, stream, 0, thumbnails.cells));

  useEffect(() => {
    const controller = new AbortController();
    const again = () => setAttempt((count) => count + 1);
    const missing = wantsInOrder(about, selection, stream, sight, figuresOnly).filter(
      (want) => !source.peek(want),
    );
    const wants = [...missing];
    const isInSight = (want?: Want) =>
      figuresOnly
        ? want !== undefined
        : want?.kind === "thumbnails" && want.layer >= first && want.layer <= last;
    if (isInSight(wants[0])) latestReport.current("busy");

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
  }, [source, stream, key, first, last, figuresOnly, attempt]);

  useOnScreen(source, wantsInOrder(about, selection, stream, sight, figuresOnly));

  const arrived = source.arrivals.value;
  return useMemo(
    () =>
      Array.from({ length: stream.layers }, (_, layer) => ({
        thumbnails: source.peek(thumbnailsWant(about, selection, stream, layer, thumbnails.cells)),
        summary: source.peek(summaryWant(stream, layer)),
      })),
    [source, stream, key, arrived],
  );
}

function wantsInOrder(
  about: About,
  selection: Selection,
  stream: StreamAbout,
  sight: LayerRange,
  figuresOnly: boolean,
): Want[] {
  const layers = loadingOrder(sight, stream.layers).filter(
    (layer) => lackOf(stream, "layers", layer) === null,
  );
  const figures = layers.map((layer) => summaryWant(stream, layer));
  if (figuresOnly) return figures;
  return [
    ...layers.map((layer) => thumbnailsWant(about, selection, stream, layer, thumbnails.cells)),
    ...figures,
  ];
}
