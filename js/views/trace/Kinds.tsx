import { GUTTER, type Layout } from "./layout";
import type { Nodes } from "./nodes";

/** Says which are the target and which the source tokens. */
export function Kinds({ layout, nodes }: { layout: Layout; nodes: Nodes }) {
  const { splitAt, centers, pitch } = layout;
  if (splitAt === null || nodes.split === null) return null;
  const [first, last] = [centers[0] ?? 0, centers.at(-1) ?? 0];
  const left = Math.max(GUTTER, first - pitch / 2);
  return (
    <>
      <div class="aw-trace-kind" style={{ left: `${left}px`, width: `${splitAt - 8 - left}px` }}>
        <span>target</span>
      </div>
      <div
        class="aw-trace-kind"
        style={{ left: `${splitAt + 8}px`, width: `${last + pitch / 2 - splitAt - 8}px` }}
      >
        <span>source</span>
      </div>
    </>
  );
}
