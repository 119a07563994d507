import { useMemo } from "preact/hooks";
import type { TokenList } from "../../state/about";
import type { Side } from "../../state/selection";
import { stretchesOf } from "../../state/written";
import type { Range } from "./geometry";

interface Props {
  side: Side;
  tokens: TokenList;
  range: Range;
  /** Pixels for a token. */
  size: number;
}

/** A rule along the tokens of an axis that the model wrote, those without a label too. */
export function WrittenRules({ side, tokens, range, size }: Props) {
  const stretches = useMemo(() => stretchesOf(tokens), [tokens]);
  return (
    <>
      {stretches.map(({ start, end, isWritten }) => {
        const [from, to] = [Math.max(start, range[0]), Math.min(end, range[1])];
        if (!isWritten || to <= from) return null;
        const [place, length] = [`${(from - range[0]) * size}px`, `${(to - from) * size}px`];
        const style =
          side === "query" ? { top: place, height: length } : { left: place, width: length };
        return <i key={start} class="aw-written-rule" style={style} aria-hidden="true" />;
      })}
    </>
  );
}
