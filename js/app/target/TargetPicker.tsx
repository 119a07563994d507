import type { Signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { capital } from "../../draw/methodText";
import { settingOf, type TargetSetting } from "../../frame/method";
import { type About, NOT_INCLUDED } from "../../state/about";
import { changeOfSetting, type Selection, type Target } from "../../state/selection";
import type { FrameSource } from "../../state/source";
import { predictionsWant, targetTokens } from "../../state/target";
import { useFrame } from "../../views/common/useFrame";
import type { Actions, View } from "../../views/view";
import { Choice } from "../Choice";
import { Popover } from "../Popover";
import { Predictions } from "./Predictions";
import { TargetPosition } from "./TargetPosition";
import { targetInWords } from "./words";

/** A target whose position the next click on a token chooses. */
export interface Picking {
  setting: TargetSetting;
  kind: Target["kind"];
}

interface Props {
  setting: TargetSetting;
  about: About;
  view: View;
  selection: Selection;
  source: FrameSource;
  actions: Actions;
  /** Null unless the next click on a token chooses the position. */
  picking: Signal<Picking | null>;
}

const KINDS: ["logit" | "log_prob", string][] = [
  ["logit", "logit"],
  ["log_prob", "log-probability"],
];

/** The target of gradients: a position of the text and a prediction of the model there. */
export function TargetPicker({ setting, about, view, selection, source, ...props }: Props) {
  const { actions, picking } = props;
  const [isOpen, setOpen] = useState(false);
  const target = settingOf(selection, setting);
  const asked = useFrame(source, predictionsWant(target?.position ?? null));
  const predicted = asked?.current ? asked.frame : undefined;
  const tokens = targetTokens(about);
  const words = targetInWords(target, predicted, tokens);
  // Stays while another position is asked about, so that no control goes away under the pointer.
  const unit = asked?.frame.unit;
  const position = target?.position ?? predicted?.position ?? null;
  const kind = target?.kind ?? (unit === "hidden" ? "hidden" : "logit");
  const set = (change: Partial<Target>) =>
    actions.select(
      changeOfSetting(setting, { kind, position, index: target?.index ?? null, ...change }),
    );

  if (about.views) {
    return (
      <span class="aw-target" title={`Other targets are ${NOT_INCLUDED}`}>
        <span class="aw-faint">{setting.label}</span> {words}
      </span>
    );
  }
  if (picking.value) {
    return (
      <button
        type="button"
        class="aw-button"
        onClick={() => {
          picking.value = null;
        }}
      >
        Click a token in the picture, or here to keep the target
      </button>
    );
  }
  return (
    <Popover
      button={
        <span class="aw-target">
          <span class="aw-faint">{setting.label}</span> {words}
        </span>
      }
      label="Target of the gradients"
      title={setting.help}
      side="left"
      isOpen={isOpen}
      onToggle={setOpen}
    >
      <p>
        {capital(words)}
        {target === null && <span class="aw-faint"> (the default)</span>}
      </p>
      {unit !== "class" && (
        <TargetPosition
          {...{ view, tokens, position }}
          onChange={(next) => set({ position: next, index: null })}
          onPick={() => {
            setOpen(false);
            picking.value = { setting, kind };
          }}
        />
      )}
      {unit && unit !== "hidden" && (
        <>
          {predicted ? (
            <Predictions
              predictions={predicted.predictions}
              chosen={target?.index ?? predicted.predictions[0]?.index}
              onChoose={(index) => set({ index })}
            />
          ) : (
            <p class="aw-faint">asking the model…</p>
          )}
          <Choice
            name="target_kind"
            label="Gradients of its"
            value={kind === "log_prob" ? "log_prob" : "logit"}
            options={KINDS}
            onChange={(next) => set({ kind: next })}
          />
        </>
      )}
      <button
        type="button"
        class="aw-button"
        name="default_target"
        aria-disabled={target === null}
        onClick={() => actions.select(changeOfSetting(setting, null))}
      >
        Back to the default
      </button>
    </Popover>
  );
}
