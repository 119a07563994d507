import { head } from "./head/view";
import { matrix } from "./matrix/view";
import { model } from "./model/view";
import { neuron } from "./neuron/view";
import { text } from "./text/view";
import { trace } from "./trace/view";
import type { View } from "./view";

/** The views, in the order of their tabs. */
export const VIEWS: readonly View[] = [head, model(head.Component), neuron, matrix, trace, text];

/** The view of that name, or the first one. */
export function viewOf(name: string): View {
  return VIEWS.find((view) => view.name === name) ?? (VIEWS[0] as View);
}
