import { methodName } from "../../draw/methodText";
import { isPerHead, type Method } from "../../frame/method";
import { lackOf, type StreamAbout } from "../../state/about";
import type { CompareWith, Selection } from "../../state/selection";
import type { Actions } from "../view";
import { secondTerm } from "./matrixTerms";

interface Props {
  stream: StreamAbout;
  selection: Selection;
  actions: Actions;
}

/** Controls for the second matrix; the first one is chosen in the toolbar. */
export function CompareBar({ stream, selection, actions }: Props) {
  const { matrix_mode, compare_with } = selection;
  const second = secondTerm(selection, stream);
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
          <option value="">same ({selection.layer})</option>
          {Array.from({ length: stream.layers }, (_, layer) => (
            <option key={layer} value={layer} disabled={lackOf(stream, "layers", layer) !== null}>
              {layer}
            </option>
          ))}
        </select>
      </label>
      <label class="aw-field">
        <span>head</span>
        <select
          name="compare_head"
          value={isPerHead(second.method) ? (compare_with?.head ?? "") : ""}
          disabled={!isPerHead(second.method)}
          onChange={(event) => choose({ head: numberOf(event.currentTarget.value) })}
        >
          <option value="">{isPerHead(second.method) ? "same" : "all, fused"}</option>
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
          onChange={(event) => choose({ method: event.currentTarget.value as Method })}
        >
          {stream.methods.map((method) => (
            <option key={method} value={method}>
              {methodName(method)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
