import type { RefObject } from "preact";
import type { TokenRef } from "../../state/selection";
import { tokenOf } from "../common/tokenOf";
import type { ViewProps } from "../view";
import { pinsAfterClick } from "./chosen";
import { neighbourOf } from "./keyboard";
import { focusOnly, reveal } from "./sight";

/** Pointer, focus and keys on the tokens of the texts. */
export function useReader(
  viewport: RefObject<HTMLElement | null>,
  { selection, hover, actions }: ViewProps,
  onSearch: () => void,
) {
  const lookAt = (token: TokenRef | null) => {
    const now = hover.peek()?.token;
    if (token?.side === now?.side && token?.index === now?.index) return;
    hover.value = token && { token };
  };
  const choose = (token: TokenRef, isAdded: boolean) => {
    if (actions.pick(token)) return;
    const pins = pinsAfterClick(selection.tokens_selected, token, isAdded);
    actions.select({ tokens_selected: pins });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const token = tokenOf(event.target);
    if (event.key === "/") onSearch();
    else if (token && (event.key === "Enter" || event.key === " ")) choose(token, event.shiftKey);
    else {
      const passage = (event.target as Element).closest("[data-passage]");
      if (!token || !passage || !viewport.current) return;
      const tokens = [...passage.querySelectorAll<HTMLElement>("[data-index]")];
      const next = neighbourOf(tokens, token.index, event.key);
      if (!next) return;
      focusOnly(next);
      reveal(viewport.current, next);
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return {
    onPointerMove: (event: PointerEvent) => lookAt(tokenOf(event.target)),
    onPointerLeave: () => lookAt(null),
    onFocusIn: (event: FocusEvent) => {
      const token = tokenOf(event.target);
      if (token && (event.target as Element).matches(":focus-visible")) lookAt(token);
    },
    onFocusOut: () => lookAt(null),
    onClick: (event: MouseEvent) => {
      const token = tokenOf(event.target);
      const isSelecting = getSelection()?.isCollapsed === false;
      if (!token || isSelecting) return;
      choose(token, event.shiftKey || event.ctrlKey || event.metaKey);
    },
    onKeyDown,
  };
}
