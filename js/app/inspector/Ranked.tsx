import { useMemo } from "preact/hooks";
import { formatPercent, plural } from "../../draw/format";
import type { RowsFrame } from "../../frame/rows";
import { keysOf } from "../../state/about";
import type { TokenRef } from "../../state/selection";
import { rankFor, received } from "../../state/shares";
import type { ViewProps } from "../../views/view";
import { ShareList } from "./ShareList";

const MOST_SHOWN = 10;

interface Props extends Omit<ViewProps, "report"> {
  frame: RowsFrame;
  heads: (number | null)[];
  /** The token in question; null is the whole picture. */
  token: TokenRef | null;
}

/** Where a token's attention goes, or whose attention it gets; without a token, what gets most. */
export function Ranked({ frame, heads, token, stream, scheme }: Props) {
  const { shares, rest } = useMemo(
    () => (token ? rankFor(frame, token) : received(frame)),
    [frame, token],
  );
  const listsKeys = token?.side !== "key";
  const tokens = listsKeys ? keysOf(stream) : stream.queries;
  const shown = shares.slice(0, MOST_SHOWN);
  const otherMass = shares.slice(MOST_SHOWN).reduce((sum, { mean }) => sum + mean, rest);
  const mean = heads.length > 1 ? `, mean of ${heads.length} heads` : "";
  return (
    <section class="aw-ranked">
      {token ? (
        <p>
          {token.side === "query" ? "from " : "to "}
          <b>{(token.side === "query" ? stream.queries : keysOf(stream)).text[token.index]}</b>{" "}
          <span class="aw-faint">
            ({token.side} {token.index}
            {mean})
          </span>
        </p>
      ) : (
        <p>
          Most attended keys <span class="aw-faint">(mean share of all queries{mean})</span>
        </p>
      )}
      {shown.length > 0 ? (
        <ShareList shares={shown} tokens={tokens} heads={heads} scheme={scheme.value} />
      ) : (
        <p class="aw-faint">No attention is shown here: filters leave this row empty.</p>
      )}
      {listsKeys && token && otherMass > 0.0005 && (
        <p class="aw-faint">
          {plural(tokens.text.length - frame.hidden - shown.length, "other key")} share{" "}
          {formatPercent(otherMass)}
        </p>
      )}
      {!listsKeys && frame.rest.some((mass) => mass > 0.0005) && (
        <p class="aw-faint">Only the {frame.listed} strongest keys of each query are listed.</p>
      )}
    </section>
  );
}
