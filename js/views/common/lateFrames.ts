import type { Want } from "../../frame/want";
import type { FrameSource } from "../../state/source";

/** Calls back when a frame that is missing now has come, until the signal aborts. */
export function onLateArrival(
  source: FrameSource,
  wants: readonly Want[],
  signal: AbortSignal,
  callback: () => void,
): void {
  const late = wants.filter((want) => !source.peek(want));
  const unsubscribe = source.arrivals.subscribe(() => {
    if (late.some((want) => source.peek(want))) callback();
  });
  signal.addEventListener("abort", unsubscribe);
}
