import { formatNumber, formatPercent } from "../../draw/format";
import { totalAt } from "../../frame/paths";
import type { Choice } from "./choose";
import { endsOf, type HoverTarget, type Scene } from "./scene";
import { TokenName } from "./TokenName";
import { levelName, nodeAmount, placeName } from "./words";

interface Props {
  scene: Scene;
  target: HoverTarget;
  /** The effect of a click on the node. */
  choice: Choice | null;
  x: number;
  y: number;
  /** Width of the box the tip must stay in. */
  room: number;
}

const DOES: Record<Choice, string> = {
  trace: "click: trace it",
  through: "click: only what goes through it",
  release: "click: release it",
};

/** The numbers of a node or an edge. */
export function TraceTip({ scene, target, choice, x, y, room }: Props) {
  const { frame, nodes } = scene;
  const side = x > room / 2 ? { right: `${room - x + 14}px` } : { left: `${x + 14}px` };
  return (
    <div class="aw-tip" role="tooltip" style={{ top: `${y + 14}px`, ...side }}>
      {"edge" in target ? (
        <EdgeFacts scene={scene} edge={target.edge} />
      ) : (
        <>
          <div class="aw-tip-tokens">
            <TokenName nodes={nodes} index={target.node.index} />{" "}
            <span class="aw-faint">{placeName(frame.levels, target.node.level)}</span>
          </div>
          <div class="aw-tip-facts">
            {choice && DOES[choice]}
            <span class="aw-number">{nodeAmount(scene, target.node)}</span>
          </div>
        </>
      )}
    </div>
  );
}

function EdgeFacts({ scene, edge }: { scene: Scene; edge: number }) {
  const { frame, nodes } = scene;
  const { upper, lower } = endsOf(frame, edge);
  const share = frame.edges[edge] as number;
  const total = totalAt(frame, lower.level);
  return (
    <>
      <div class="aw-tip-tokens">
        <TokenName nodes={nodes} index={lower.index} /> →{" "}
        <TokenName nodes={nodes} index={upper.index} />
      </div>
      <div class="aw-tip-facts">
        {levelName(frame.levels, lower.level)} → {levelName(frame.levels, upper.level)}, share{" "}
        {formatNumber(share)}
        <span class="aw-number">{formatPercent(total > 0 ? share / total : 0)}</span>
      </div>
    </>
  );
}
