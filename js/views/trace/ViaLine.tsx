import { formatNumber, formatPercent } from "../../draw/format";
import { shareAt } from "../../frame/paths";
import type { NodeRef } from "../../state/selection";
import type { Actions } from "../view";
import { startAt } from "./choose";
import type { Scene } from "./scene";
import { TokenName } from "./TokenName";
import { placeName } from "./words";

interface Props {
  scene: Scene;
  via: NodeRef;
  /** The reader has chosen it. */
  canRelease: boolean;
  actions: Actions;
}

/** The node that all drawn paths go through, its amount, and ways out of it. */
export function ViaLine({ scene, via, canRelease, actions }: Props) {
  const { frame, method, nodes } = scene;
  return (
    <p class="aw-trace-via">
      {method.is_flow ? "Drawn is the flow from" : "Only what goes through"}{" "}
      <TokenName nodes={nodes} index={via.index} />{" "}
      <span class="aw-faint">
        {placeName(frame.levels, via.level)}, {amountThrough(scene, via)}
      </span>{" "}
      {via.level > 0 && (
        <button type="button" onClick={() => actions.select(startAt(via))}>
          Start here
        </button>
      )}
      {canRelease && (
        <button type="button" onClick={() => actions.select({ trace_via: null })}>
          Release <span aria-hidden="true">×</span>
        </button>
      )}
    </p>
  );
}

/** A part of everything where all rows sum to 1, else the share itself. */
function amountThrough({ frame, method }: Scene, { level, index }: NodeRef): string {
  const share = shareAt(frame, level, index);
  return method.steps_are_shares ? formatPercent(share) : formatNumber(share);
}
