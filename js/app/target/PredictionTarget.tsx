import type { TokenList } from "../../state/about";
import type { ContrastTarget, PlacedTarget } from "../../state/selection";
import type { FrameSource } from "../../state/source";
import { movedTo, withIndex } from "../../state/target";
import type { View } from "../../views/view";
import { Choice } from "../Choice";
import { OtherToken } from "./OtherToken";
import { Predictions } from "./Predictions";
import { TargetPosition } from "./TargetPosition";
import type { Predicted } from "./usePredicted";

type Prediction = PlacedTarget | ContrastTarget;

interface Props {
  target: Prediction | null;
  predicted: Predicted | null;
  view: View;
  tokens: TokenList;
  source: FrameSource;
  onChange(target: Prediction): void;
  /** The next click on a token of the picture is to choose the position. */
  onPick(at: (position: number) => Prediction): void;
}

const KINDS: ["logit" | "log_prob", string][] = [
  ["logit", "logit"],
  ["log_prob", "log-probability"],
];

/** Fewer predictions than these are all that there are. */
const MANY = 10;

/** A prediction at a position, by itself or instead of another one. */
export function PredictionTarget({ target, predicted, view, tokens, source, ...props }: Props) {
  const { onChange, onPick } = props;
  const unit = predicted?.frame.unit;
  const predictions = predicted?.frame.predictions ?? [];
  const position = target?.position ?? predicted?.frame.position ?? null;
  const versus = target?.kind === "contrast" ? target.versus : null;
  const kind = kindOf(target, unit);
  const chosen = target?.index ?? predictions[0]?.index ?? null;
  const current: Prediction = { ...(target ?? { kind, index: null }), position };
  const compare = (other: number | null) =>
    onChange(
      other === null
        ? { kind: "logit", position, index: chosen }
        : { kind: "contrast", position, index: chosen, versus: other },
    );
  return (
    <>
      {unit !== "class" && (
        <TargetPosition
          {...{ view, tokens, position }}
          onChange={(next) => onChange(movedTo(target, kind, next))}
          onPick={() => onPick((next) => movedTo(target, kind, next))}
        />
      )}
      {unit && unit !== "hidden" && (
        <>
          {predicted?.current ? (
            <Predictions
              {...{ predictions, chosen, versus }}
              onChoose={(index) => onChange(withIndex(current, index))}
              onCompare={compare}
            />
          ) : (
            <p class="aw-faint">asking the model…</p>
          )}
          {predictions.length >= MANY && (
            <OtherToken {...{ unit, source, position, chosen }} onFound={compare} />
          )}
          {versus === null && (
            <Choice
              name="target_kind"
              label="Gradients of its"
              value={kind === "log_prob" ? "log_prob" : "logit"}
              options={KINDS}
              onChange={(next) =>
                onChange({ ...movedTo(null, next, position), index: indexOf(target) })
              }
            />
          )}
        </>
      )}
    </>
  );
}

function indexOf(target: Prediction | null): number | null {
  return target?.index ?? null;
}

function kindOf(target: Prediction | null, unit: string | undefined): PlacedTarget["kind"] {
  if (target && target.kind !== "contrast") return target.kind;
  return unit === "hidden" ? "hidden" : "logit";
}
