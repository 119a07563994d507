import type { ComponentType } from "preact";
import type { StreamAbout } from "../state/about";
import type { ViewName } from "../state/selection";
import { HeadView } from "../views/head/HeadView";
import { ModelView } from "../views/model/ModelView";
import { NeuronView } from "../views/neuron/NeuronView";
import type { ViewProps } from "../views/view";

interface ViewEntry {
  name: ViewName;
  label: string;
  View: ComponentType<ViewProps>;
  /** Why a stream cannot be seen this way. */
  lacks?: (stream: StreamAbout) => string | null;
}

/** The tabs, left to right. */
export const VIEWS: ViewEntry[] = [
  { name: "head", label: "Heads", View: HeadView },
  { name: "model", label: "Model", View: ModelView },
  {
    name: "neuron",
    label: "Neurons",
    View: NeuronView,
    lacks: ({ projections }) => (projections ? null : "This trace holds no queries and keys"),
  },
];
