import { useMemo } from "preact/hooks";
import { cutsKey } from "../../frame/cut";
import { ofDifferences } from "../../frame/method";
import type { About } from "../../state/about";
import { RunSource } from "../../state/runSource";
import type { Run, Selection } from "../../state/selection";
import type { FrameSource } from "../../state/source";
import type { View } from "../../views/view";

/** The run that a view shows: one without differences shows the run that was cut. */
export function runOf({ cuts, run }: Selection, view: View): Run {
  if (cuts.length === 0) return "before";
  return run === "difference" && view.lacksDifferences ? "after" : run;
}

/** The frames of the run on the screen, and the methods as they describe them. */
export function useRun(
  source: FrameSource,
  about: About,
  selection: Selection,
  view: View,
): { source: FrameSource; about: About } {
  // A file has one run and describes that.
  const run = about.views ? "before" : runOf(selection, view);
  const { cuts } = selection;
  const key = run === "before" ? "" : cutsKey(cuts);
  const framed = useMemo(
    () => (run === "before" ? source : new RunSource(source, cuts, run)),
    [source, run, key],
  );
  const described = useMemo(
    () => (run === "difference" ? { ...about, methods: ofDifferences(about.methods) } : about),
    [about, run],
  );
  return { source: framed, about: described };
}
