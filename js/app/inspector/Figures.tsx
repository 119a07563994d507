import type { SummaryFrame } from "../../frame/summary";
import { figuresOf, rangeInWords } from "./words";

interface Props {
  summary: SummaryFrame;
  heads: number[] | null;
}

/** The character of what is shown: how focused it is and on what. */
export function Figures({ summary, heads }: Props) {
  const isOne = heads?.length === 1;
  return (
    <section class="aw-figures">
      <p>
        {isOne ? "This head" : "These heads"}{" "}
        <span class="aw-faint">(mean of all rows{isOne ? "" : " and heads"}, nothing hidden)</span>
      </p>
      <dl>
        {figuresOf(summary, heads).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {heads === null && <p class="aw-faint">{rangeInWords(summary)}</p>}
    </section>
  );
}
