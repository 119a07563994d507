import { floatsOf, type RawFrame } from "./bytes";

/** One number per head of a layer; see docs/developing/wire-format.md. */
export interface SummaryFrame {
  kind: "summary";
  entropy: Float32Array;
  effective: Float32Array;
  first: Float32Array;
  diagonal: Float32Array;
  previous: Float32Array;
  /** In tokens; frames of 0.1.0 have none. */
  distance?: Float32Array;
}

export function decodeSummary(raw: RawFrame): SummaryFrame {
  const figure = (name: string) => floatsOf(raw, name, 1).values;
  return {
    kind: "summary",
    entropy: figure("entropy"),
    effective: figure("effective"),
    first: figure("first"),
    diagonal: figure("diagonal"),
    previous: figure("previous"),
    ...("distance" in raw.arrays ? { distance: figure("distance") } : {}),
  };
}
