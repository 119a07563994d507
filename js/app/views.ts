import type { ComponentType } from "preact";
import type { StreamAbout } from "../state/about";
import type { Selection, ViewName } from "../state/selection";
import { HeadView } from "../views/head/HeadView";
import { MatrixView } from "../views/matrix/MatrixView";
import { ModelView } from "../views/model/ModelView";
import { NeuronView } from "../views/neuron/NeuronView";
import { Arrivals } from "../views/trace/Arrivals";
import { TraceView } from "../views/trace/TraceView";
import type { ViewProps } from "../views/view";

interface ViewEntry {
  name: ViewName;
  label: string;
  View: ComponentType<ViewProps>;
  /** What stands beside the picture in place of the inspector. */
  Beside?: ComponentType<Omit<ViewProps, "report">>;
  /** Whether the picture wants the room that the inspector would take beside it. */
  isWide?: (selection: Selection) => boolean;
  /** Whether it shows all layers together, so that there is none to choose. */
  spansLayers?: boolean;
  /** Whether it shows the texts of a pair together, so that none can be left out. */
  joinsTexts?: boolean;
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
  {
    name: "matrix",
    label: "Matrix",
    View: MatrixView,
    isWide: ({ matrix_mode }) => matrix_mode === "compare",
  },
  {
    name: "trace",
    label: "Trace",
    View: TraceView,
    Beside: Arrivals,
    spansLayers: true,
    joinsTexts: true,
  },
];
