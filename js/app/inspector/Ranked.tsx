import { useMemo } from "preact/hooks";
import { formatNumber, formatPercent, plural } from "../../draw/format";
import { hasShares, type MethodRow } from "../../frame/method";
import type { RowsFrame } from "../../frame/rows";
import type { RowsWant } from "../../frame/want";
import { keysOf } from "../../state/about";
import type { TokenRef } from "../../state/selection";
import { rankFor, received } from "../../state/shares";
import { WRITTEN, writtenIn } from "../../state/written";
import type { ViewProps } from "../../views/view";
import { ShareList } from "./ShareList";

const MOST_SHOWN = 10;

interface Props extends Omit<ViewProps, "report"> {
  frame: RowsFrame;
  want: RowsWant;
  method: MethodRow;
  /** The token in question; null is the whole picture. */
  token: TokenRef | null;
}

/** A token's keys with their attention, or its queries; without a token, the keys that get most. */
export function Ranked({ frame, want, method, token, stream, scheme }: Props) {
  const heads = want.heads ?? [null];
  const format = hasShares(method) ? formatPercent : formatNumber;
  const isMuch = (mass: number) => mass > 0.0005 * frame.scale;
  const { shares, rest } = useMemo(
    () => (token ? rankFor(frame, token) : received(frame)),
    [frame, token],
  );
  const listsKeys = token?.side !== "key";
  const tokens = listsKeys ? keysOf(stream) : stream.queries;
  const own = token?.side === "key" ? keysOf(stream) : stream.queries;
  const isWritten = token !== null && writtenIn(own).includes(token.index);
  const shown = shares.slice(0, MOST_SHOWN);
  const otherMass = shares.slice(MOST_SHOWN).reduce((sum, { mean }) => sum + Math.abs(mean), rest);
  const mean = heads.length > 1 ? `, mean of ${heads.length} heads` : "";
  return (
    <section class="aw-ranked">
      {token ? (
        <p>
          {token.side === "query" ? "from " : "to "}
          <b>{own.text[token.index]}</b>{" "}
          <span class="aw-faint">
            ({token.side} {token.index}
            {isWritten && `, ${WRITTEN}`}
            {mean})
          </span>
        </p>
      ) : (
        <p>
          {headingOf(method)}{" "}
          <span class="aw-faint">
            (mean {hasShares(method) ? "share of" : "over"} all queries{mean}
            {method.signed && ", in which signs cancel out"})
          </span>
        </p>
      )}
      {shown.length > 0 ? (
        <ShareList {...{ shares: shown, tokens, heads, method }} scheme={scheme.value} />
      ) : (
        <p class="aw-faint">Nothing is shown here: this row is empty, or filters leave it so.</p>
      )}
      {listsKeys && token && isMuch(otherMass) && (
        <p class="aw-faint">
          {plural(tokens.text.length - frame.hidden - shown.length, "other key")}{" "}
          {hasShares(method) ? "share" : "have"} {format(otherMass)}
          {method.signed && " together, by magnitude"}
        </p>
      )}
      {!listsKeys && frame.rest.some(isMuch) && (
        <p class="aw-faint">Only the {frame.listed} strongest keys of each query are listed.</p>
      )}
    </section>
  );
}

function headingOf({ is_attention, signed, title, values }: MethodRow): string {
  if (is_attention) return "Most attended keys";
  return signed ? `Keys with the largest mean ${values}` : `Keys with the most ${title}`;
}
