import { capital } from "../../draw/methodText";
import { visibleText } from "../../draw/tokenText";
import type { Finding } from "../../frame/findings";
import type { About } from "../../state/about";
import { streamOf } from "../../state/clamp";
import { layerNumber } from "../../state/layers";
import type { Selection } from "../../state/selection";
import type { Actions } from "../../views/view";
import { changeToward, isShown, lackOfFinding } from "./goTo";

interface Props {
  about: About;
  selection: Selection;
  finding: Finding;
  actions: Actions;
}

/** One head with the reason to look at it; a click goes there. */
export function FindingButton({ about, selection, finding, actions }: Props) {
  const lack = lackOfFinding(about, finding);
  const { stream, layer, head, kind, reason, query_token, key_token } = finding;
  const where = about.streams.length > 1 ? `${stream}, layer` : "layer";
  return (
    <button
      type="button"
      disabled={lack !== null}
      title={lack ?? `from ${visibleText(query_token)} to ${visibleText(key_token)}`}
      aria-pressed={isShown(about, selection, finding)}
      data-finding={kind}
      onClick={() => actions.select(changeToward(about, selection, finding))}
    >
      <span class="aw-finding-place">
        <b>{capital(kind)}</b>{" "}
        <span class="aw-number">
          {where} {layerNumber(streamOf(about, stream), layer)}, head {head}
        </span>
      </span>
      <span class="aw-faint">{reason}</span>
    </button>
  );
}
