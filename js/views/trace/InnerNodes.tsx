import { memo } from "preact/compat";
import type { NodeRef } from "../../state/selection";
import { type Layout, levelY, radiusOf } from "./layout";
import { NodeButton } from "./NodeButton";
import type { Nodes } from "./nodes";
import type { NodeWindow } from "./useSight";

interface Props {
  layout: Layout;
  nodes: Nodes;
  window: NodeWindow;
  pressed: NodeRef[];
  tabStop: NodeRef | null;
  describe(node: NodeRef): string;
}

/** Buttons over the drawn nodes between the highest and the lowest level. */
export const InnerNodes = memo(function InnerNodes(props: Props) {
  const { layout, window } = props;
  const reach = radiusOf(layout) + 3;
  const lowest = Math.max(1, window.lowest);
  const highest = Math.min(layout.levels - 2, window.highest);
  const levels = Array.from({ length: Math.max(0, highest - lowest + 1) }, (_, at) => highest - at);
  return (
    <>
      {levels.flatMap((level) =>
        layout.shown.slice(window.first, window.end).map((index, at) => (
          <NodeButton
            key={`${level} ${index}`}
            {...props}
            node={{ level, index }}
            class="aw-trace-node"
            style={{
              left: `${(layout.centers[window.first + at] as number) - reach}px`,
              top: `${levelY(layout, level) - reach}px`,
              width: `${2 * reach}px`,
              height: `${2 * reach}px`,
            }}
          />
        )),
      )}
    </>
  );
});
