import { useMemo } from "preact/hooks";
import { cutsKey } from "../../frame/cut";
import type { About } from "../../state/about";
import { RunSource } from "../../state/runSource";
import { aboutOfRun, runOf } from "../../state/runs";
import type { Selection } from "../../state/selection";
import type { FrameSource } from "../../state/source";

/** The frames of the run on the screen, and its description. */
export function useRun(
  source: FrameSource,
  about: About,
  selection: Selection,
): { source: FrameSource; about: About } {
  const run = runOf(about, selection);
  const changed = about.compared ? "other" : selection.cuts;
  const key = changed === "other" ? changed : cutsKey(changed);
  const framed = useMemo(
    () => (run === "before" ? source : new RunSource(source, changed, run)),
    [source, run, key],
  );
  const described = useMemo(() => aboutOfRun(about, run), [about, run]);
  return { source: framed, about: described };
}
