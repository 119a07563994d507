import { methodOf } from "../../frame/method";
import { type About, lackOf, type StreamAbout } from "../../state/about";
import { layerNumber } from "../../state/layers";
import type { CompareWith, Selection } from "../../state/selection";
import type { Actions } from "../view";
import { secondTerm } from "./matrixTerms";

interface Props {
  about: About;
  stream: StreamAbout;
  selection: Selection;
  actions: Actions;
}

/** Controls for the second matrix; the first one is chosen in the toolbar. */
export function CompareBar({ about, stream, selection, actions }: Props) {
  const { matrix_mode, compare_with } = selection;
  const second = secondTerm(about, selection, stream);
  const isPerHead = methodOf(about, second.method).per_head;
  const choose = (change: Partial<CompareWith>) => {
    const before = compare_with ?? { layer: null, head: null, method: second.method };
    actions.select({ compare_with: { ...before, ...change } });
  };
  const numberOf = (value: string) => (value === "" ? null : Number(value));
  return (
    <div class="aw-matrix-compare">
      <span>{matrix_mode === "difference" ? "Subtract" : "With"}</span>
      <label class="aw-field">
        <span>layer</span>
        <select
          name="compare_layer"
          value={compare_with?.layer ?? ""}
          onChange={(event) => choose({ layer: numberOf(event.currentTarget.value) })}
        >
          <option value="">same ({layerNumber(stream, selection.layer)})</option>
          {Array.from({ length: stream.layers }, (_, layer) => (
            <option key={layer} value={layer} disabled={lackOf(stream, "layers", layer) !== null}>
              {layerNumber(stream, layer)}
            </option>
          ))}
        </select>
      </label>
      <label class="aw-field">
        <span>head</span>
        <select
          name="compare_head"
          value={isPerHead ? (compare_with?.head ?? "") : ""}
          disabled={!isPerHead}
          onChange={(event) => choose({ head: numberOf(event.currentTarget.value) })}
        >
          <option value="">{isPerHead ? "same" : "all, fused"}</option>
          {Array.from({ length: stream.heads }, (_, head) => (
            <option key={head} value={head} disabled={lackOf(stream, "heads", head) !== null}>
              {head}
            </option>
          ))}
        </select>
      </label>
      <label class="aw-field">
        <span>method</span>
        <select
          name="compare_method"
          value={second.method}
          onChange={(event) => choose({ method: event.currentTarget.value })}
        >
          {stream.methods.map((method) => (
            <option key={method} value={method}>
              {methodOf(about, method).in_menu ?? methodOf(about, method).title}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
