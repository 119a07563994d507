import type { AnyModel } from "@anywidget/types";
import type { About } from "./about";
import type { Selection } from "./selection";

/** Every trait the Python widget syncs. */
export interface Traits extends Selection {
  about: About;
  snapshot: DataView | null;
  /** Tells this widget from all others; what is saved of it looks for its views by it. */
  identity: string;
  /** (layers, heads) by stream; for the streams that have it. */
  head_importance: Record<string, number[][]> | null;
}

export type WidgetModel = AnyModel<Traits>;
