import { useEffect, useRef, useState } from "preact/hooks";
import type { Edit } from "../../state/edits";
import type { MakeEdits } from "../../state/session";
import { CancelledError, type Progress } from "../../state/source";
import type { Actions } from "../../views/view";
import type { Kept } from "../App";

/** Runs the model on what is edited; the widget goes over to it once that has worked. */
export interface Editing {
  run(edits: Edit[]): void;
  cancel(): void;
  isBusy: boolean;
  progress: Progress | null;
  problem: string | null;
}

/** Everything stays as it is until the kernel has made the run, and if it refuses. */
export function useEdits(make: MakeEdits | undefined, actions: Actions, kept: Kept): Editing {
  const [underWay, setUnderWay] = useState<AbortController | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const latest = useRef(underWay);
  latest.current = underWay;
  useEffect(() => () => latest.current?.abort(), []);

  const select = (edits: Edit[]) => {
    kept.isEditing = true;
    actions.select({ edits, run: edits.length > 0 ? "after" : "before" });
  };
  const run = async (edits: Edit[]) => {
    setProblem(null);
    if (edits.length === 0) return select(edits);
    if (!make) return;
    const controller = new AbortController();
    setUnderWay(controller);
    try {
      select(await make(edits, { onProgress: setProgress, cancel: controller.signal }));
    } catch (error) {
      const { message } = error as Error;
      if (!(error instanceof CancelledError)) setProblem(message);
    } finally {
      setUnderWay(null);
      setProgress(null);
    }
  };
  return { run, cancel: () => underWay?.abort(), isBusy: underWay !== null, progress, problem };
}
