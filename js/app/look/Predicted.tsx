import { formatNumber, formatPercent } from "../../draw/format";
import type { FindingsFrame } from "../../frame/findings";
import type { About } from "../../state/about";
import { targetTokens } from "../../state/target";
import { quoted, tokenInWords } from "../target/words";

interface Props {
  prediction: NonNullable<FindingsFrame["prediction"]>;
  about: About;
}

/** "predicts ‘Paris’ 63.1 % at 18 ‘of’". */
export function Predicted({ prediction, about }: Props) {
  const { text, probability, logit, position } = prediction;
  return (
    <p class="aw-predicted">
      predicts <b>{quoted(text)}</b>{" "}
      <span class="aw-number">
        {probability === null ? formatNumber(logit ?? 0) : formatPercent(probability)}
      </span>
      {position !== null && (
        <span class="aw-faint"> at {tokenInWords(targetTokens(about), position)}</span>
      )}
    </p>
  );
}
