import { cssGradient, sequentialColors } from "../../draw/colormap";
import { formatNumber, formatSetting } from "../../draw/format";
import type { Fusion, MethodRow } from "../../frame/method";
import type { Actions } from "../view";
import type { Scene } from "./scene";
import { TokenName } from "./TokenName";
import { ViaLine } from "./ViaLine";
import { hintFor, meansOf, placeName } from "./words";

interface Props {
  scene: Scene;
  fusion: Fusion;
  /** The method that is selected, which is not always the one that is drawn. */
  selected: MethodRow;
  coverage: number;
  hidesFaint: boolean;
  /** The reader has chosen the node that all paths go through. */
  canRelease: boolean;
  onHideFaint(hides: boolean): void;
  actions: Actions;
}

/** A sentence on the traced node, controls for the share drawn, and a hint on clicks. */
export function TraceBar(props: Props) {
  const { scene, fusion, selected, coverage, actions } = props;
  const { frame, method, nodes, traced, via } = scene;
  const { levels } = frame;
  return (
    <div class="aw-trace-bar">
      <div class="aw-trace-words">
        <p>
          Where <TokenName nodes={nodes} index={traced.index} />{" "}
          <span class="aw-faint">{placeName(levels, traced.level)}</span> comes from
        </p>
        <p class="aw-trace-hint">
          By {meansOf(method, fusion)}
          {selected.followed_by !== selected.name &&
            `: ${selected.title} itself leads through a single layer`}
          .
        </p>
        {via && <ViaLine {...{ scene, via, actions }} canRelease={props.canRelease} />}
        {(!via || method.is_flow) && <p class="aw-trace-hint">{hintFor(method)}</p>}
      </div>
      <div class="aw-trace-controls">
        <label class="aw-option">
          <span>Share drawn</span>
          <output>{coverage >= 1 ? "every edge" : formatSetting(coverage)}</output>
          <input
            type="range"
            name="trace_coverage"
            aria-label="Share drawn of what arrives"
            min="0.1"
            max="1"
            step="0.05"
            value={coverage}
            onInput={(event) => actions.select({ coverage: Number(event.currentTarget.value) })}
          />
        </label>
        <label class="aw-check">
          <input
            type="checkbox"
            name="hide_faint"
            checked={props.hidesFaint}
            onChange={(event) => props.onHideFaint(event.currentTarget.checked)}
          />
          <span>Hide tokens under 1 %</span>
        </label>
        <TraceLegend scene={scene} />
      </div>
    </div>
  );
}

function TraceLegend({ scene }: { scene: Scene }) {
  const { edges, scheme, total } = scene;
  const gradient = cssGradient(sequentialColors(scheme));
  return (
    <div class="aw-legend">
      <span class="aw-legend-scale" title="Colours follow the root of the share">
        token 0 <i style={{ background: gradient }} /> {formatNumber(total)}
      </span>
      <span class="aw-legend-scale">
        edge 0
        <svg width="36" height="8" viewBox="0 0 36 8" aria-hidden="true">
          <path d="M0 3.7 L36 1 L36 7 L0 4.3 Z" fill="currentColor" />
        </svg>
        {formatNumber(edges.top)}
      </span>
    </div>
  );
}
