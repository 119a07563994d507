import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { FrameFor, Want } from "../../frame/want";
import {
  CancelledError,
  type FrameSource,
  NotIncludedError,
  SilenceError,
} from "../../state/source";
import type { Report } from "../view";
import { useLatest } from "./useLatest";
import { useOnScreen } from "./useOnScreen";

export interface Framed<W extends Want> {
  frame: FrameFor<W>;
  want: W;
  /** False while this is the frame of an earlier want and the one asked for is on its way. */
  current: boolean;
}

/**
 * The frame for a want and, until it is there, the one that was there before.
 *
 * Reports "busy" when it has to wait, and an error when no frame comes; the view itself reports
 * "ready" once it has drawn.
 */
export function useFrame<W extends Want>(
  source: FrameSource,
  want: W | null,
  report?: Report,
): Framed<W> | null {
  const key = want && source.keyOf(want);
  const last = useRef<{ key: string; want: W; frame: FrameFor<W> } | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [, redraw] = useState(0);
  const latestReport = useLatest(report);

  const found = last.current?.key === key ? last.current.frame : want && source.peek(want);
  if (want && key && found) last.current = { key, want, frame: found };
  const isMissing = want !== null && !found;

  // The key stands for the want; a further attempt asks again.
  useLayoutEffect(() => {
    if (!want || !key || !isMissing) return;
    const controller = new AbortController();
    const arrived = () => redraw((count) => count + 1);
    const retry = () => setAttempt((count) => count + 1);
    latestReport.current?.("busy");
    // A frame that comes after its time-out still counts.
    const unsubscribe = source.arrivals.subscribe(() => {
      if (source.peek(want)) arrived();
    });
    source.get(want, controller.signal).then(arrived, (error: Error) => {
      if (controller.signal.aborted) return;
      if (latestReport.current) reportFailure(latestReport.current, error, retry);
    });
    return () => {
      unsubscribe();
      controller.abort();
    };
  }, [source, key, isMissing, attempt]);

  useOnScreen(source, want ? [want] : []);

  const shown = last.current;
  return useMemo(() => shown && { ...shown, current: shown.key === key }, [shown, key]);
}

/** Reports why a frame did not come; one that was cancelled, or that a file lacks, is no error. */
export function reportFailure(report: Report, error: Error, retry: () => void): void {
  const advice = error instanceof SilenceError ? " What is shown is what was there before." : "";
  if (error instanceof NotIncludedError) report("absent", error.message);
  else if (error instanceof CancelledError) report("cancelled", undefined, retry);
  else report("error", error.message + advice, retry);
}
