import { useState } from "preact/hooks";
import { formatNumber } from "../../draw/format";
import { contributionsWant, targetTokens } from "../../state/target";
import { useFrame } from "../../views/common/useFrame";
import type { ViewProps } from "../../views/view";
import { quoted, tokenInWords } from "../target/words";
import { PartBar } from "./PartBar";
import { partRows, sum } from "./rows";

/** The parts of a logit as bars to both sides of zero; a click on heads shows them. */
export function Parts(
  props: Pick<ViewProps, "about" | "selection" | "source" | "actions" | "scheme">,
) {
  const { about, selection, source } = props;
  const [unfolded, setUnfolded] = useState<string | null>(null);
  const found = useFrame(source, contributionsWant(about, selection));
  if (!found) return null;
  const rows = partRows(about, found.frame);
  const { position, text } = found.frame.logitOf;
  const values = rows.flatMap(({ value, heads = [] }) => [
    value,
    ...heads.map((head) => head.value),
  ]);
  const most = Math.max(...values.map(Math.abs), Number.MIN_VALUE);
  return (
    <section class="aw-parts" data-current={found.current} aria-label="Parts of the logit">
      <p>
        Logit of {quoted(text)}{" "}
        <span class="aw-faint">at {tokenInWords(targetTokens(about), position)}</span>
      </p>
      <ol>
        {rows.map((row) => (
          <PartBar
            {...props}
            {...{ row, most }}
            key={row.name}
            isUnfolded={unfolded === row.name}
            onFold={() => setUnfolded(unfolded === row.name ? null : row.name)}
          />
        ))}
      </ol>
      <p class="aw-parts-sum">
        <span>sum of all parts</span>
        <span class="aw-number">{formatNumber(sum(rows.map(({ value }) => value)))}</span>
      </p>
      <p class="aw-parts-sum">
        <span>logit</span>
        <span class="aw-number">{formatNumber(found.frame.logit)}</span>
      </p>
    </section>
  );
}
