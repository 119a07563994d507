import { memo } from "preact/compat";
import { useMemo, useRef, useState } from "preact/hooks";
import { visibleText } from "../../draw/tokenText";
import type { TokenList } from "../../state/about";
import type { Side } from "../../state/selection";
import { useMarks } from "../common/marks";
import { stepTo, tokenSelector, useLateFocus } from "../common/rovingFocus";
import { useWritten } from "../common/useWritten";
import type { Range } from "./geometry";
import { type Label, placeLabels } from "./labels";
import { PITCH, type PlotLayout, turnOfLabel } from "./layout";
import { WrittenRules } from "./WrittenRules";

interface Props {
  side: Side;
  tokens: TokenList;
  range: Range;
  layout: PlotLayout;
  /** Pinned tokens of this side, in the order of pinning. */
  pinned: number[];
  onToggle(index: number): void;
  /** The keyboard is on this token, which may be out of sight; null: it has left. */
  onFocus(index: number | null, element: Element | null): void;
}

/** The tokens along one side as toggle buttons that look like text, as many as there is room for. */
export const Axis = memo(function Axis(props: Props) {
  const { side, tokens, range, layout, pinned, onToggle, onFocus } = props;
  const [focused, setFocused] = useState<number | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const focus = useLateFocus(box, tokenSelector);
  const size = side === "query" ? layout.rowHeight : layout.columnWidth;
  const pitch = side === "query" || layout.turn === 0 ? PITCH[0] : PITCH[layout.turn];
  const labels = useMemo(() => {
    const first = focused === null ? [] : [focused];
    return placeLabels(range, size, pitch, [...first, ...[...pinned].reverse()]);
  }, [range, size, pitch, focused, pinned]);
  const special = useMemo(() => new Set(tokens.special), [tokens]);
  const tabStop = labels.some(({ index }) => index === focused) ? focused : labels[0]?.index;

  const move = (to: number) => {
    const label = box.current?.querySelector<HTMLElement>(tokenSelector(to));
    setFocused(to);
    if (label) return label.focus();
    focus.later(to);
    onFocus(to, null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const index = indexOf(event.target);
    if (index === null) return;
    const to = stepTo(alongAxis(side, event.key), index, tokens.text.length);
    if (to !== null) move(to);
    else if (event.key === (side === "query" ? "ArrowRight" : "ArrowDown")) {
      const other = side === "query" ? "key" : "query";
      const plot = box.current?.parentElement;
      plot?.querySelector<HTMLElement>(`[data-side="${other}"][tabindex="0"]`)?.focus();
    } else if (event.key === "Enter" || event.key === " ") onToggle(index);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const place =
    side === "query"
      ? { left: 0, top: `${layout.top}px`, width: `${layout.left}px`, height: `${layout.height}px` }
      : { left: `${layout.left}px`, top: 0, width: `${layout.width}px`, height: `${layout.top}px` };
  const written = useWritten(tokens);
  const marks = useMarks();
  const cut = side === "query" ? marks.queries : marks.keys;
  return (
    // biome-ignore lint/a11y/useSemanticElements: an axis is no form fieldset.
    <div
      class={`aw-axis aw-axis-${side}`}
      role="group"
      aria-label={side === "query" ? "from (query)" : "to (key)"}
      ref={box}
      style={place}
      onKeyDown={onKeyDown}
      onFocusIn={(event: FocusEvent) => {
        const index = indexOf(event.target);
        if (index === null || !(event.target as Element).matches(":focus-visible")) return;
        setFocused(index);
        onFocus(index, event.target as Element);
      }}
      onFocusOut={() => onFocus(null, null)}
    >
      {labels.map((label) => {
        const { index } = label;
        const text = visibleText(tokens.text[index] ?? "");
        const isPinned = pinned.includes(index);
        const turn = side === "key" ? turnOfLabel(text, layout) : undefined;
        return (
          // biome-ignore lint/a11y/useSemanticElements: real buttons would bring a browser's own styling and layout.
          <div
            key={index}
            class={special.has(index) ? "aw-label aw-label-special" : "aw-label"}
            style={turn === undefined ? rowPlace(label, size) : columnPlace(label, size, turn)}
            data-turn={turn}
            role="button"
            tabIndex={index === tabStop ? 0 : -1}
            data-side={side}
            data-index={index}
            data-cut={cut.has(index) || undefined}
            data-written={written.has(index) || undefined}
            aria-pressed={isPinned}
            aria-label={`${side} ${index}, ${text}${written.words(index)}${isPinned ? ", pinned" : ""}${cut.has(index) ? ", cut" : ""}`}
          >
            <span>{text}</span>
          </div>
        );
      })}
      <WrittenRules {...{ side, tokens, range, size }} />
    </div>
  );
});

function rowPlace({ middle }: Label, size: number) {
  const height = Math.min(24, Math.max(PITCH[0], size));
  return { top: `${middle - height / 2}px`, height: `${height}px`, lineHeight: `${height}px` };
}

function columnPlace({ middle }: Label, size: number, turn: PlotLayout["turn"]) {
  if (turn === 0) return { left: `${middle - size / 2}px`, width: `${size}px` };
  return { left: `${middle}px` };
}

/** Keys across move along their axis with left and right. */
function alongAxis(side: Side, key: string): string {
  if (side === "query") return key;
  return { ArrowLeft: "ArrowUp", ArrowRight: "ArrowDown", ArrowUp: "", ArrowDown: "" }[key] ?? key;
}

function indexOf(target: EventTarget | null): number | null {
  const label = target instanceof Element ? target.closest<HTMLElement>("[data-index]") : null;
  return label ? Number(label.dataset.index) : null;
}
