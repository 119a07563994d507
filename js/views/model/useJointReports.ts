import { useMemo, useRef } from "preact/hooks";
import { useLatest } from "../common/useLatest";
import type { Report } from "../view";

type Said = Parameters<Report>;

/** States in the order in which the reader has to know of them. */
const GRAVEST: Said[0][] = ["error", "busy", "cancelled", "absent", "ready"];

type Part = "grid" | "detail" | "effects";

/**
 * A report for the grid, the detail and the effects of heads; the view says the gravest of them.
 *
 * So it is ready when all are, and an alert of one stays when the others are ready.
 */
export function useJointReports(report: Report, hasDetail: boolean): Record<Part, Report> {
  const said = useRef<Record<Part, Said>>({
    grid: ["busy"],
    detail: ["ready"],
    effects: ["ready"],
  });
  const latest = useLatest(report);
  if (!hasDetail) said.current.detail = ["ready"];
  return useMemo(() => {
    const of =
      (part: Part): Report =>
      (...now) => {
        said.current[part] = now;
        const gravest = Object.values(said.current).reduce((most, each) =>
          rankOf(each) < rankOf(most) ? each : most,
        );
        latest.current(...(rankOf(gravest) < rankOf(now) ? gravest : now));
      };
    return { grid: of("grid"), detail: of("detail"), effects: of("effects") };
  }, []);
}

function rankOf([state]: Said): number {
  return GRAVEST.indexOf(state);
}
