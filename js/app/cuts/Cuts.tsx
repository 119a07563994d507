import { useState } from "preact/hooks";
import type { KnockoutWant } from "../../frame/want";
import { type Scope, suggestions } from "../../state/cuts";
import type { Target } from "../../state/selection";
import type { BesideProps } from "../../views/view";
import { Choice } from "../Choice";
import { Change } from "./Change";
import { CutList } from "./CutList";
import { RunChoice, type RunNames } from "./RunChoice";
import { useChange } from "./useChange";

const LAYERS: [Scope["layers"], string][] = [
  ["this", "this layer"],
  ["all", "all layers"],
];
const MODES: [Scope["mode"], string][] = [
  ["renormalise", "the rest shares its weight"],
  ["zero", "set to 0"],
];

const RUNS: RunNames = {
  before: "with it",
  after: "without it",
  difference: "the difference",
};

/** Takes attention away and shows what the model predicts without it. */
export function Cuts(props: BesideProps & { heads: number[] | null }) {
  const { about, selection, stream, source, actions, heads } = props;
  const [scope, setScope] = useState<Scope>({ layers: "all", heads: "shown", mode: "renormalise" });
  const { cuts, target } = selection as typeof selection & { target?: Target | null };
  const want: KnockoutWant | null =
    cuts.length > 0 ? { kind: "knockout", cuts, target: target ?? null } : null;
  const { shown: changed, problem, isAbsent } = useChange(source, want);
  const canCut = about.can_cut === true && !about.views;
  if (!canCut && cuts.length === 0) return null;

  const found = canCut ? suggestions(selection, stream, heads, scope) : [];
  const tokens = found.some(({ name }) => name !== "head");
  return (
    <section class="aw-cuts" aria-label="Cuts">
      <div class="aw-cuts-what">
        <h3>Does it matter? Cut it</h3>
        {!canCut && <p class="aw-faint">Other cuts need the model, which is not in this file.</p>}
        {canCut && found.length === 0 && (
          <p class="aw-faint">
            Pin tokens or choose heads: they can be taken away, to see what the model predicts
            without them.
          </p>
        )}
        {found.length > 0 && (
          <div class="aw-cut-buttons">
            {found.map(({ name, words, cut }) => (
              <button
                key={name}
                type="button"
                class="aw-button"
                name={`cut_${name}`}
                onClick={() => actions.select({ cuts: [...cuts, cut] })}
              >
                Cut {words}
              </button>
            ))}
          </div>
        )}
        {tokens && (
          <div class="aw-cut-scope">
            <Choice
              name="cut_layers"
              label="Tokens in"
              value={scope.layers}
              options={LAYERS}
              onChange={(layers) => setScope({ ...scope, layers })}
            />
            {heads !== null && (
              <Choice
                name="cut_heads"
                label="of"
                value={scope.heads}
                options={[
                  ["shown", heads.length === 1 ? "this head" : "these heads"],
                  ["all", "all heads"],
                ]}
                onChange={(chosen) => setScope({ ...scope, heads: chosen })}
              />
            )}
            <Choice
              name="cut_mode"
              label="and"
              value={scope.mode}
              options={MODES}
              onChange={(mode) => setScope({ ...scope, mode })}
            />
          </div>
        )}
        <CutList {...{ about, cuts, actions }} />
        {cuts.length > 0 && about.edit && (
          <p class="aw-faint">To replace tokens or edit the text, undo the cuts.</p>
        )}
      </div>
      {want && !isAbsent && (
        <div class="aw-cut-change">
          <Change {...{ selection, source, about, problem }} shown={changed} />
          {changed && !about.views && <RunChoice {...{ about, selection, actions }} names={RUNS} />}
        </div>
      )}
    </section>
  );
}
