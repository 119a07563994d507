import { useComputed } from "@preact/signals";
import { formatCount } from "../../draw/format";
import { visibleText } from "../../draw/tokenText";
import type { MethodRow } from "../../frame/method";
import type { TokenFrame } from "../../frame/token";
import type { ViewProps } from "../view";
import { type Chosen, otherSide, tokensOf } from "./chosen";
import { nameOf, reasonInWords, valueText, verbOf } from "./words";

interface Props extends Pick<ViewProps, "stream" | "hover"> {
  chosen: Chosen;
  method: MethodRow;
  frame: TokenFrame | null;
}

/** Whose row the text shows, why, and the value of the token under the pointer. */
export function Statement({ stream, hover, chosen, method, frame }: Props) {
  const { token } = chosen;
  const reason = reasonInWords(chosen);
  const pointed = useComputed(() => hover.value?.token?.index ?? null).value;
  const pointedSide = useComputed(() => hover.value?.token?.side ?? null).value;
  const colored = otherSide(token.side);
  const isColored = stream.keys === null || pointedSide === colored;
  const text = pointed === null ? undefined : tokensOf(stream, colored).text[pointed];
  return (
    <p class="aw-text-statement">
      <span>
        <b>{visibleText(tokensOf(stream, token.side).text[token.index] ?? "")}</b>{" "}
        <span class="aw-muted">
          ({token.side} {token.index}
          {reason && `, ${reason}`})
        </span>{" "}
        {verbOf(method, token.side)}
        {frame && isColored && text !== undefined && pointed !== null ? (
          <>
            {" "}
            <b>{visibleText(text)}</b>: {valueText(method, frame.values[pointed] ?? 0)}
          </>
        ) : (
          " …"
        )}
      </span>
    </p>
  );
}

/** The same for the status line. */
export function noteOf({ stream, chosen, method }: Pick<Props, "stream" | "chosen" | "method">) {
  const { token } = chosen;
  const side = otherSide(token.side);
  const count = formatCount(tokensOf(stream, side).text.length);
  const others = side === "key" ? "keys" : "queries";
  return `${nameOf(stream, token)} ${verbOf(method, token.side)} ${count} ${others}`;
}
