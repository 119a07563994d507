import type { Signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { capital } from "../../draw/methodText";
import { settingOf, type TargetSetting } from "../../frame/method";
import { type About, NOT_INCLUDED } from "../../state/about";
import { changeOfSetting, type Selection, type Target } from "../../state/selection";
import type { FrameSource } from "../../state/source";
import { longestSpan, positionAt, targetTokens } from "../../state/target";
import type { Actions, View } from "../../views/view";
import { Choice } from "../Choice";
import { Popover } from "../Popover";
import { PredictionTarget } from "./PredictionTarget";
import { SpanChoice } from "./SpanChoice";
import { usePredicted } from "./usePredicted";
import { targetInWords } from "./words";

/** A target whose position the next click on a token chooses. */
export interface Picking {
  setting: TargetSetting;
  at(position: number): Target;
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

const OF: ["prediction" | "span", string][] = [
  ["prediction", "a prediction"],
  ["span", "some text"],
];

/** The target of gradients: a prediction at a position, or the log-probability of some text. */
export function TargetPicker({ setting, about, view, selection, source, ...props }: Props) {
  const { actions, picking } = props;
  const [isOpen, setOpen] = useState(false);
  const target = settingOf(selection, setting);
  const predicted = usePredicted(source, target);
  const tokens = targetTokens(about);
  const words = targetInWords(target, predicted?.current ? predicted.frame : undefined, tokens);
  const choose = (next: Target | null) => actions.select(changeOfSetting(setting, next));
  const spans = about.spans ?? null;

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
      {spans && (
        <Choice
          name="target_of"
          label="Gradients of"
          value={target?.kind === "span" ? "span" : "prediction"}
          options={OF}
          onChange={(of) => choose(of === "span" ? { kind: "span", ...firstSpan(spans) } : null)}
        />
      )}
      {target?.kind === "span" && spans ? (
        <SpanChoice
          {...{ target, spans, tokens }}
          pinned={pinnedPositions(selection)}
          onChange={choose}
        />
      ) : (
        <PredictionTarget
          target={target?.kind === "span" ? null : target}
          {...{ predicted, view, tokens, source }}
          onChange={choose}
          onPick={(at) => {
            setOpen(false);
            picking.value = { setting, at };
          }}
        />
      )}
      <button
        type="button"
        class="aw-button"
        name="default_target"
        aria-disabled={target === null}
        onClick={() => choose(null)}
      >
        Back to the default
      </button>
    </Popover>
  );
}

/** The span to begin with: the answer, or else all of the text. */
function firstSpan(spans: NonNullable<About["spans"]>): { start: number; stop: number } {
  const { answer } = spans;
  return answer ? { start: answer[0], stop: answer[1] } : longestSpan(spans);
}

function pinnedPositions({ stream, tokens_selected }: Selection): number[] {
  const positions = tokens_selected.map((token) => positionAt(token, stream));
  return positions.filter((position) => position !== null);
}
