import type { RefObject } from "preact";
import { useState } from "preact/hooks";
import { keysOf } from "../../state/about";
import type { TokenRef } from "../../state/selection";
import { tokenOf } from "../common/tokenOf";
import type { Hover, ViewProps } from "../view";
import { focusToken, neighbourOf } from "./keyboard";
import type { LinesCanvas } from "./linesCanvas";

/** The line under the pointer, and where the pointer is in the view. */
export interface Tip {
  link: NonNullable<Hover["link"]>;
  x: number;
  y: number;
  room: number;
}

/** Pointer, focus and keys on the tokens and the lines between them. */
export function usePointer(
  { stream, hover, actions }: ViewProps,
  lines: LinesCanvas | null,
  viewport: RefObject<HTMLElement | null>,
) {
  const [tip, setTip] = useState<Tip | null>(null);

  const lookAt = (token: TokenRef | null) => {
    const now = hover.peek();
    if (token?.side === now?.token?.side && token?.index === now?.token?.index && !now?.link)
      return;
    hover.value = token && { token };
  };

  const onPointerMove = (event: PointerEvent) => {
    const token = tokenOf(event.target);
    const link = token ? null : (lines?.lineAt(event.clientX, event.clientY) ?? null);
    const box = viewport.current?.parentElement?.getBoundingClientRect();
    if (!link || !box) {
      setTip(null);
      lookAt(token);
      return;
    }
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    setTip({ link, x, y, room: box.width });
    hover.value = { link };
  };

  const handlers = {
    onPointerMove,
    onPointerLeave: () => {
      setTip(null);
      lookAt(null);
    },
    onFocusIn: (event: FocusEvent) => {
      const token = tokenOf(event.target);
      if (token && (event.target as Element).matches(":focus-visible")) lookAt(token);
    },
    onFocusOut: () => lookAt(null),
    onClick: (event: MouseEvent) => {
      const token = tokenOf(event.target);
      if (token) actions.togglePin(token);
    },
    onKeyDown: (event: KeyboardEvent) => {
      const token = tokenOf(event.target);
      if (!token || !viewport.current) return;
      const counts = { query: stream.queries.text.length, key: keysOf(stream).text.length };
      const next = neighbourOf(token, event.key, counts);
      if (next) focusToken(viewport.current, next);
      else if (event.key === "Enter" || event.key === " ") actions.togglePin(token);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
  return { handlers, tip };
}
