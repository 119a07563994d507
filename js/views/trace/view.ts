import type { View } from "../view";
import { Arrivals } from "./Arrivals";
import { TraceView } from "./TraceView";

export const trace: View = {
  name: "trace",
  label: "Trace",
  Component: TraceView,
  Beside: Arrivals,
  heads: "fused",
  fusedNote: "Paths run through all heads fused",
  spansLayers: true,
  followsPaths: true,
  isOverview: true,
  joinsTexts: true,
  tokenClick: "follows a token",
  undo: ({ trace_via, trace_node }) => {
    if (trace_via !== null) return { trace_via: null };
    return trace_node === null ? null : { trace_node: null };
  },
};
