import { useMemo, useState } from "preact/hooks";
import type { StreamAbout } from "../../state/about";
import { countsOf, including, isWhole, type Section, wholeOf } from "./geometry";

/** The part of the matrix that is seen, and ways to change it. */
export interface Viewport {
  section: Section;
  counts: { query: number; key: number };
  isZoomed: boolean;
  show(section: Section): void;
  /** Move as little as possible so that tokens are seen. */
  reveal(tokens: { query?: number; key?: number }): void;
  reset(): void;
}

export function useViewport(stream: StreamAbout): Viewport {
  const [zoomed, setZoomed] = useState<Section | null>(null);
  const whole = useMemo(() => wholeOf(stream), [stream]);
  const section = zoomed ?? whole;
  const counts = countsOf(stream);
  const show = (next: Section) => setZoomed(isWhole(next, whole) ? null : next);
  return {
    section,
    counts,
    isZoomed: zoomed !== null,
    show,
    reveal: ({ query = section.queries[0], key = section.keys[0] }) =>
      show({
        queries: including(section.queries, query, counts.query),
        keys: including(section.keys, key, counts.key),
      }),
    reset: () => setZoomed(null),
  };
}
