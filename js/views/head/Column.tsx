import { memo } from "preact/compat";
import { visibleText } from "../../draw/tokenText";
import type { TokenList } from "../../state/about";
import type { Side } from "../../state/selection";
import { useMarks } from "../common/marks";
import { useWritten } from "../common/useWritten";
import type { ColumnLayout } from "./layout";

interface Props {
  side: Side;
  tokens: TokenList;
  layout: ColumnLayout;
  pinned: ReadonlySet<number>;
}

/** The tokens of one side as toggle buttons that look like text; one of them is a tab stop. */
export const Column = memo(function Column({ side, tokens, layout, pinned }: Props) {
  const special = new Set(tokens.special);
  const written = useWritten(tokens);
  const marks = useMarks();
  const cut = side === "query" ? marks.queries : marks.keys;
  return (
    <>
      {tokens.text.map((text, index) => {
        const isPinned = pinned.has(index);
        return (
          // biome-ignore lint/a11y/useSemanticElements: two thousand real buttons would each bring a browser's own styling and layout.
          <div
            key={index}
            class={special.has(index) ? "aw-token aw-token-special" : "aw-token"}
            style={{ top: `${layout.tops[index]}px`, height: `${layout.heights[index]}px` }}
            role="button"
            tabIndex={index === 0 ? 0 : -1}
            data-side={side}
            data-index={index}
            data-cut={cut.has(index) || undefined}
            data-written={written.has(index) || undefined}
            aria-pressed={isPinned}
            aria-label={`${side} ${index}, ${visibleText(text)}${written.words(index)}${isPinned ? ", pinned" : ""}${cut.has(index) ? ", cut" : ""}`}
            title={`${text} (${side} ${index}${written.words(index)})`}
          >
            <span>{visibleText(text)}</span>
          </div>
        );
      })}
    </>
  );
});
