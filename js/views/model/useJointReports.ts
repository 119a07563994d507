import { useMemo, useRef } from "preact/hooks";
import { useLatest } from "../common/useLatest";
import type { Report } from "../view";

type Said = Parameters<Report>;

/** States in the order in which the reader has to know of them. */
const GRAVEST: Said[0][] = ["error", "busy", "cancelled", "absent", "ready"];

/**
 * One report for the grid and one for the detail; of what they say, the view says the gravest.
 *
 * So it is ready when both are, and an alert of one stays when the other is ready.
 */
export function useJointReports(
  report: Report,
  hasDetail: boolean,
): { grid: Report; detail: Report } {
  const said = useRef<{ grid: Said; detail: Said }>({ grid: ["busy"], detail: ["ready"] });
  const latest = useLatest(report);
  if (!hasDetail) said.current.detail = ["ready"];
  return useMemo(() => {
    const of =
      (part: "grid" | "detail"): Report =>
      (...now) => {
        said.current[part] = now;
        const other = said.current[part === "grid" ? "detail" : "grid"];
        const isGraver = GRAVEST.indexOf(other[0]) < GRAVEST.indexOf(now[0]);
        latest.current(...(isGraver ? other : now));
      };
    return { grid: of("grid"), detail: of("detail") };
  }, []);
}
