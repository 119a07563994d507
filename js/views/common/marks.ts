import { createContext } from "preact";
import { useContext, useMemo } from "preact/hooks";
import type { Cut } from "../../frame/cut";
import type { StreamAbout } from "../../state/about";
import { type Marks, marksIn } from "../../state/cuts";

/** What is cut in the selected stream, for the marks of every view. */
export interface CutsInStream {
  cuts: readonly Cut[];
  stream: StreamAbout | null;
  layer: number;
}

export const CutsContext = createContext<CutsInStream>({ cuts: [], stream: null, layer: 0 });

const NOTHING: Marks = { heads: new Set(), queries: new Set(), keys: new Set() };

/** What is cut in a layer; in the selected one if none is given. */
export function useMarks(layer?: number): Marks {
  const { cuts, stream, layer: selected } = useContext(CutsContext);
  const chosen = layer ?? selected;
  return useMemo(
    () => (cuts.length === 0 || !stream ? NOTHING : marksIn(cuts, stream, chosen)),
    [cuts, stream, chosen],
  );
}
