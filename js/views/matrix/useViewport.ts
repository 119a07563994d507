import { useMemo, useState } from "preact/hooks";
import type { StreamAbout } from "../../state/about";
import { including, isWhole, type Section } from "./geometry";
import { countsOf } from "./matrixTerms";
import { wholeOf } from "./useMatrices";

/** Which part of the matrix is seen, and how it is changed. */
export interface Look {
  section: Section;
  counts: { query: number; key: number };
  isZoomed: boolean;
  at(section: Section): void;
  /** Move as little as possible so that tokens are seen. */
  reveal(tokens: { query?: number; key?: number }): void;
  reset(): void;
}

export function useLook(stream: StreamAbout): Look {
  const [zoomed, setZoomed] = useState<Section | null>(null);
  const whole = useMemo(() => wholeOf(stream), [stream]);
  const section = zoomed ?? whole;
  const counts = countsOf(stream);
  const at = (next: Section) => setZoomed(isWhole(next, whole) ? null : next);
  return {
    section,
    counts,
    isZoomed: zoomed !== null,
    at,
    reveal: ({ query = section.queries[0], key = section.keys[0] }) =>
      at({
        queries: including(section.queries, query, counts.query),
        keys: including(section.keys, key, counts.key),
      }),
    reset: () => setZoomed(null),
  };
}
