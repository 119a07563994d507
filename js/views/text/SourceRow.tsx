import type { Signal } from "@preact/signals";
import type { MethodRow } from "../../frame/method";
import type { Side } from "../../state/selection";
import type { Hover } from "../view";
import type { Piece } from "./reading";
import { findToken, goTo } from "./sight";
import { contextOf } from "./strongest";
import { valueText } from "./words";

interface Props {
  pieces: readonly Piece[];
  index: number;
  mean: number;
  /** Of the largest, from −1 to 1. */
  share: number;
  method: MethodRow;
  /** The text that it is in. */
  passage: Side;
  side: Side;
  hover: Signal<Hover | null>;
}

/** A token among the words around it, with its value; a click goes to it. */
export function SourceRow({ pieces, index, mean, share, method, passage, side, hover }: Props) {
  const { before, after } = contextOf(pieces, index);
  // White space at the ends of what is cut off would be cut off with it.
  const spacing =
    `${/\s$/.test(before) ? "before" : ""} ${/^\s/.test(after) ? "after" : ""}`.trim();
  const point = (isOn: boolean) => {
    hover.value = isOn ? { token: { side, index } } : null;
  };
  return (
    <li>
      <button
        type="button"
        title={`Go to ${side} ${index}`}
        onClick={(event) => goTo(findToken(event.currentTarget, passage, index))}
        onPointerEnter={() => point(true)}
        onPointerLeave={() => point(false)}
      >
        <span class="aw-source-text">
          <span class="aw-source-before">
            <bdi>{before.trimEnd()}</bdi>
          </span>
          <b data-spaced={spacing}>{(pieces[index]?.text ?? "").trim() || "␣"}</b>
          <span class="aw-source-after">
            <bdi>{after.trimStart()}</bdi>
          </span>
        </span>
        <span class="aw-faint aw-number">{index}</span>
        <span class="aw-number">{valueText(method, mean)}</span>
        <span class="aw-source-bar">
          <span
            data-sign={method.signed ? Math.sign(mean) : undefined}
            style={{ width: `${100 * Math.abs(share)}%` }}
          />
        </span>
      </button>
    </li>
  );
}
