import type { KnockoutWant } from "../../frame/want";
import type { Target } from "../../state/selection";
import type { BesideProps } from "../../views/view";
import { Change } from "./Change";
import { RunChoice, type RunNames } from "./RunChoice";
import { useChange } from "./useChange";

const RUNS: RunNames = { before: "before", after: "after", difference: "the difference" };

/** Two traces: their names, what both predict, and the choice of the run on the screen. */
export function Compared({ about, selection, source, actions }: BesideProps) {
  const { target } = selection as typeof selection & { target?: Target | null };
  const want: KnockoutWant | null =
    about.predicts === true ? { kind: "knockout", cuts: [], target: target ?? null } : null;
  const { shown, problem } = useChange(source, want);
  const [before, after] = about.compared ?? ["", ""];
  return (
    <section class="aw-cuts" aria-label="Comparison">
      <div class="aw-cuts-what">
        <h3>What changed?</h3>
        <p>
          <b>before</b> {before}
        </p>
        <p>
          <b>after</b> {after}
        </p>
        <RunChoice {...{ about, selection, actions }} names={RUNS} />
      </div>
      {want && (
        <div class="aw-cut-change">
          <Change {...{ selection, source, about, shown, problem }} />
        </div>
      )}
    </section>
  );
}
