import { signs } from "../../../attnwidget/shared/colors.json";
import { formatNumber } from "../../draw/format";
import type { ViewProps } from "../../views/view";
import type { PartRow } from "./rows";

interface Props extends Pick<ViewProps, "selection" | "actions" | "scheme"> {
  row: PartRow;
  /** The largest magnitude of all bars. */
  most: number;
  isUnfolded?: boolean;
  onFold?(): void;
}

/** One part with its bar; that of a layer's heads unfolds to the single heads. */
export function PartBar({ row, most, isUnfolded = false, onFold, ...shared }: Props) {
  const { name, value, change, heads } = row;
  const { selection, actions, scheme } = shared;
  const sign = value < 0 ? "negative" : "positive";
  const isShown =
    change !== null &&
    change.stream === selection.stream &&
    change.layer === selection.layer &&
    JSON.stringify(change.heads) === JSON.stringify(selection.heads);
  return (
    <li>
      <div class="aw-part" data-shown={isShown || undefined}>
        {heads ? (
          <button
            type="button"
            class="aw-part-fold"
            aria-expanded={isUnfolded}
            aria-label={`Single heads of ${name}`}
            onClick={onFold}
          >
            {isUnfolded ? "▾" : "▸"}
          </button>
        ) : (
          <span />
        )}
        {change ? (
          <button
            type="button"
            class="aw-part-name"
            aria-pressed={isShown}
            onClick={() => actions.select(change)}
          >
            {name}
          </button>
        ) : (
          <span class="aw-part-name">{name}</span>
        )}
        <span class="aw-part-track" data-sign={sign} aria-hidden="true">
          <span
            style={{
              width: `${(50 * Math.abs(value)) / most}%`,
              background: signs[scheme.value][sign],
            }}
          />
        </span>
        <span class="aw-number">{formatNumber(value)}</span>
      </div>
      {heads && isUnfolded && (
        <ol>
          {heads.map((head) => (
            <PartBar {...shared} key={head.name} row={head} most={most} />
          ))}
        </ol>
      )}
    </li>
  );
}
