import { formatNumber, formatPercent } from "../../draw/format";
import { visibleText } from "../../draw/tokenText";
import type { Prediction } from "../../frame/predictions";

interface Props {
  predictions: Prediction[];
  chosen: number | undefined;
  onChoose(index: number): void;
}

/** The most probable tokens or classes, one of them the target. */
export function Predictions({ predictions, chosen, onChoose }: Props) {
  return (
    <div class="aw-predictions" role="radiogroup" aria-label="Target, most probable first">
      {predictions.map(({ index, text, probability, logit }) => (
        <label key={index}>
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
      ))}
    </div>
  );
}
