import { useMemo } from "preact/hooks";
import { cutsKey } from "../../frame/cut";
import type { About } from "../../state/about";
import { RunSource } from "../../state/runSource";
import type { Selection } from "../../state/selection";
import type { FrameSource } from "../../state/source";

/** The frames of the run on the screen: of a file, which has one run, those that it holds. */
export function useRun(
  source: FrameSource,
  { views }: About,
  { cuts, run }: Selection,
): FrameSource {
  const isCut = run === "after" && cuts.length > 0 && !views;
  const key = isCut ? cutsKey(cuts) : "";
  return useMemo(() => (isCut ? new RunSource(source, cuts) : source), [source, key]);
}
