import { useEffect, useMemo, useRef } from "preact/hooks";
import { plural } from "../../draw/format";
import { visibleText } from "../../draw/tokenText";
import type { TokenList } from "../../state/about";
import { useMarks } from "../common/marks";
import { revealRow } from "../common/revealRow";
import { stepTo, tokenSelector, useLateFocus } from "../common/rovingFocus";
import { useWindow } from "../common/useWindow";
import { useWritten } from "../common/useWritten";

const ROW = 24;

interface QueryListProps {
  tokens: TokenList;
  chosen: number;
  pinned: ReadonlySet<number>;
  onClick(index: number): void;
  /** An arrow key asks for this query. */
  onMove(index: number): void;
  onHover(index: number | null): void;
}

/** The queries to choose from; one is in the tab order, arrow keys choose its neighbours. */
export function QueryList({ tokens, chosen, pinned, onClick, onMove, onHover }: QueryListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const count = tokens.text.length;
  const rows = useWindow(scroller, ROW, count);
  const special = useMemo(() => new Set(tokens.special), [tokens]);
  const focus = useLateFocus(scroller, tokenSelector);

  useEffect(() => {
    const list = scroller.current;
    // A hovered token is in sight; scrolling would put another one under the pointer.
    if (list && !list.matches(":hover")) revealRow(list, chosen, ROW, 0);
  }, [chosen]);

  const onKeyDown = (event: KeyboardEvent) => {
    const to = stepTo(event.key, chosen, count);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (scroller.current) revealRow(scroller.current, to, ROW, 0);
    focus.later(to);
    onMove(to);
  };
  const indexes = Array.from({ length: rows.end - rows.first }, (_, row) => rows.first + row);
  const { queries: cut } = useMarks();
  const written = useWritten(tokens);
  return (
    <div class="aw-queries">
      <div class="aw-queries-title">
        <b>from (query)</b>
        <small>{plural(count, "token")}</small>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset brings a frame and a layout of its own. */}
      <div
        class="aw-queries-list"
        ref={scroller}
        role="group"
        aria-label="from (query)"
        onKeyDown={onKeyDown}
        onPointerLeave={() => onHover(null)}
      >
        <div style={{ height: `${count * ROW}px` }}>
          {indexes.map((index) => {
            const text = visibleText(tokens.text[index] ?? "");
            return (
              <button
                key={index}
                type="button"
                class="aw-query"
                data-side="query"
                data-index={index}
                data-cut={cut.has(index) || undefined}
                data-written={written.has(index) || undefined}
                data-chosen={index === chosen || undefined}
                data-special={special.has(index) || undefined}
                aria-pressed={pinned.has(index)}
                aria-label={`query ${index}, ${text}${written.words(index)}`}
                tabIndex={index === chosen ? 0 : -1}
                style={{ top: `${index * ROW}px`, height: `${ROW}px` }}
                onClick={() => onClick(index)}
                onPointerEnter={() => onHover(index)}
              >
                <span>{text}</span>
                <small>{index}</small>
              </button>
            );
          })}
        </div>
      </div>
    </div>
  );
}
