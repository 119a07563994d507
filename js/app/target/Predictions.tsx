import { formatNumber, formatPercent } from "../../draw/format";
import { visibleText } from "../../draw/tokenText";
import type { Prediction } from "../../frame/predictions";
import { quoted } from "./words";

interface Props {
  predictions: Prediction[];
  chosen: number | null;
  /** The token or class that the chosen one is compared with; null for none. */
  versus: number | null;
  onChoose(index: number): void;
  onCompare(index: number | null): void;
}

/** The most probable tokens or classes: one is the target, another may be what it stands for. */
export function Predictions({ predictions, chosen, versus, onChoose, onCompare }: Props) {
  const canCompare = predictions.length > 1;
  const name = quoted(predictions.find(({ index }) => index === chosen)?.text ?? "");
  return (
    <fieldset class="aw-predictions" aria-label="Target, most probable first">
      {canCompare && <span class="aw-faint aw-predictions-head">instead of</span>}
      {predictions.map(({ index, text, probability, logit }) => (
        <div class="aw-prediction" key={index}>
          <label>
            <input
              type="radio"
              name="target_index"
              value={index}
              checked={index === chosen}
              onChange={() => onChoose(index)}
            />
            <span class="aw-share-token" title={text}>
              {visibleText(text)}
            </span>
            <span class="aw-bar-track" aria-hidden="true">
              <span style={{ width: `${100 * (probability ?? 0)}%` }} />
            </span>
            <span class="aw-number">
              {probability === null ? formatNumber(logit ?? 0) : formatPercent(probability)}
            </span>
          </label>
          {canCompare && (
            <input
              type="checkbox"
              name="target_versus"
              value={index}
              checked={index === versus}
              disabled={index === chosen}
              aria-label={`${name} instead of ${quoted(text)}`}
              title={index === chosen ? undefined : `Why ${name} instead of ${quoted(text)}?`}
              onChange={({ currentTarget: { checked } }) => onCompare(checked ? index : null)}
            />
          )}
        </div>
      ))}
    </fieldset>
  );
}
