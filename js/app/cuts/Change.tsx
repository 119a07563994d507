import { formatNumber, formatPercent } from "../../draw/format";
import { visibleText } from "../../draw/tokenText";
import type { ChangedPrediction, KnockoutFrame, Measure } from "../../frame/knockout";
import type { KnockoutWant } from "../../frame/want";
import type { About } from "../../state/about";
import type { Selection } from "../../state/selection";
import type { FrameSource } from "../../state/source";
import type { Framed } from "../../views/common/useFrame";
import { useTargetWords } from "./useTargetWords";

interface Props {
  about: About;
  selection: Selection;
  source: FrameSource;
  shown: Framed<KnockoutWant> | null;
  /** Why there is nothing to show. */
  problem: string | null;
}

/** The predictions before and after the cuts, side by side, and the change of the target. */
export function Change({ about, selection, source, shown, problem }: Props) {
  const words = useTargetWords(about, selection, source, shown?.frame);
  if (problem !== null) {
    return (
      <p class="aw-problem" role="alert">
        {problem}
      </p>
    );
  }
  if (!shown) return <p class="aw-faint">running the model…</p>;
  const { frame, current } = shown;
  return (
    <div class="aw-change" data-current={current}>
      <p aria-live="polite">
        {words}: {formatNumber(frame.value_before)} → {formatNumber(frame.value_after)}{" "}
        <strong>({signed(frame.value_after - frame.value_before)})</strong>
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">predicted</th>
            <th scope="col">before</th>
            <th scope="col">after</th>
            <th scope="col">change</th>
          </tr>
        </thead>
        <tbody>
          {frame.predictions.map((prediction) => (
            <Row key={prediction.index} {...prediction} />
          ))}
        </tbody>
      </table>
      <p class="aw-faint">{footnote(frame)}</p>
    </div>
  );
}

function Row({ text, before, after }: ChangedPrediction) {
  return (
    <tr>
      <th scope="row" class="aw-share-token" title={text}>
        {visibleText(text)}
      </th>
      <td>
        <Amount measure={before} />
      </td>
      <td>
        <Amount measure={after} />
      </td>
      <td class="aw-number">{changeOf(before, after)}</td>
    </tr>
  );
}

function Amount({ measure }: { measure: Measure | null }) {
  if (!measure) return <span class="aw-faint">less</span>;
  const { probability, logit } = measure;
  if (probability === null) return <span class="aw-number">{formatNumber(logit ?? 0)}</span>;
  return (
    <>
      <span class="aw-bar-track" aria-hidden="true">
        <span style={{ width: `${100 * probability}%` }} />
      </span>
      <span class="aw-number">{formatPercent(probability)}</span>
    </>
  );
}

/** The change of the log-probability, or of the score. */
function changeOf(before: Measure | null, after: Measure | null): string {
  if (!before || !after) return "";
  if (before.probability !== null && after.probability !== null) {
    return signed(Math.log(after.probability) - Math.log(before.probability));
  }
  return signed((after.logit ?? 0) - (before.logit ?? 0));
}

function signed(value: number): string {
  return value > 0 ? `+${formatNumber(value)}` : formatNumber(value).replace("-", "−");
}

function footnote({ kl, no_kl, emptied }: KnockoutFrame): string {
  const parts = ["The change is that of the log-probability."];
  if (kl !== null) {
    parts.push(`All predictions: KL(before ‖ after) = ${formatNumber(kl)} nats.`);
  } else if (no_kl) parts.push(`No KL divergence: ${no_kl}.`);
  if (emptied > 0) {
    parts.push(
      `${emptied} row${emptied > 1 ? "s have" : " has"} no key left and read${emptied > 1 ? "" : "s"} nothing.`,
    );
  }
  return parts.join(" ");
}
