import type { AnyModel } from "@anywidget/types";
import type { About } from "./state/about";
import type { Selection } from "./state/selection";

/** Every trait the Python widget syncs. */
export interface Traits extends Selection {
  about: About;
  snapshot: DataView | null;
  /** (layers, heads) by stream; for the streams that have it. */
  head_importance: Record<string, number[][]> | null;
}

export type WidgetModel = AnyModel<Traits>;
