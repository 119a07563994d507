import type { ComponentType } from "preact";
import type { View, ViewProps } from "../view";
import { isEffect } from "./coloring";
import { ModelView } from "./ModelView";

/** The view of the whole model; a head that is opened is shown by another view's component. */
export function model(Detail: ComponentType<ViewProps>): View {
  return {
    name: "model",
    label: "Model",
    Component: (props) => <ModelView {...props} Detail={Detail} />,
    heads: "several",
    isOverview: true,
    usesTarget: ({ head_colors }) => isEffect(head_colors),
  };
}
