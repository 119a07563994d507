import type { SummaryFrame } from "../../frame/summary";
import { figuresOf, rangeInWords } from "./words";

interface Props {
  /** The figures of the layer; undefined if the scores are not attention. */
  summary: SummaryFrame | undefined;
  heads: number[] | null;
  /** The figures of the one matrix that is shown or pointed at. */
  statistics: [string, string][];
  /** Values have signs. */
  isSigned: boolean;
}

/** The character of what is shown: how focused it is and on what. */
export function Figures({ summary, heads, statistics, isSigned }: Props) {
  const isOne = heads?.length === 1;
  const summarised = summary ? figuresOf(summary, heads) : [];
  const rows = [...summarised, ...statistics];
  if (rows.length === 0) return null;
  return (
    <section class="aw-figures">
      <p>
        {isOne ? "This head" : "These heads"}{" "}
        <span class="aw-faint">
          ({scopeInWords(isOne, summarised.length > 0)}
          {isSigned && "; shape by magnitude"})
        </span>
      </p>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {summary && heads === null && <p class="aw-faint">{rangeInWords(summary)}</p>}
    </section>
  );
}

function scopeInWords(isOne: boolean, isMeanOfHeads: boolean): string {
  if (!isMeanOfHeads) return "fused, nothing hidden";
  return `mean of all rows${isOne ? "" : " and heads"}, nothing hidden`;
}
