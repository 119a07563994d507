import type { PathStep } from "../../frame/paths";
import type { NodeRef } from "../../state/selection";
import { type Layout, levelY } from "./layout";
import { levelName } from "./words";

interface Props {
  levels: PathStep[];
  layout: Layout;
  traced: NodeRef;
}

/** The names of the levels, which stay when the picture is scrolled sideways. */
export function Gutter({ levels, layout, traced }: Props) {
  return (
    <div class="aw-trace-gutter">
      {Array.from({ length: layout.levels }, (_, level) => (
        <div
          key={level}
          style={{ top: `${levelY(layout, level)}px` }}
          data-current={level === traced.level || undefined}
        >
          {levelName(levels, level)}
        </div>
      ))}
    </div>
  );
}
