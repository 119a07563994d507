import { useMemo, useRef } from "preact/hooks";
import type { Report } from "../view";

/**
 * One report for the grid and one for the detail, passed on as the view's.
 *
 * The view is ready when neither of them is busy.
 */
export function useJointReports(
  report: Report,
  hasDetail: boolean,
): { grid: Report; detail: Report } {
  const busy = useRef({ grid: true, detail: false });
  const latest = useRef(report);
  latest.current = report;
  if (!hasDetail) busy.current.detail = false;
  return useMemo(() => {
    const of =
      (part: "grid" | "detail"): Report =>
      (state, note, retry) => {
        busy.current[part] = state === "busy";
        const isWaiting = busy.current.grid || busy.current.detail;
        if (state !== "ready" || !isWaiting) latest.current(state, note, retry);
      };
    return { grid: of("grid"), detail: of("detail") };
  }, []);
}
