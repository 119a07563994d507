import type { RawFrame } from "./bytes";

/** The figures of one matrix. */
export interface StatisticsFrame {
  kind: "statistics";
  /** By name; null where the matrix has no such figure. */
  statistics: Record<string, number | null>;
  /** The name of its pattern, e.g. "diagonal". */
  pattern: string;
}

export function decodeStatistics({ header }: RawFrame): StatisticsFrame {
  const { statistics, pattern } = header;
  if (typeof statistics !== "object" || statistics === null || typeof pattern !== "string") {
    throw new Error('A statistics frame has its "statistics" and the name of its "pattern".');
  }
  return { kind: "statistics", statistics: statistics as Record<string, number | null>, pattern };
}
