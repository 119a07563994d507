import type { Side, TokenRef } from "../../state/selection";

/** The token that an arrow key, Home or End leads to; null for any other key. */
export function neighbourOf(
  token: TokenRef,
  key: string,
  counts: Record<Side, number>,
): TokenRef | null {
  const last = counts[token.side] - 1;
  const other: Side = token.side === "query" ? "key" : "query";
  const leadsAcross = key === (token.side === "query" ? "ArrowRight" : "ArrowLeft");
  if (leadsAcross) return { side: other, index: Math.min(token.index, counts[other] - 1) };
  switch (key) {
    case "ArrowUp":
      return { ...token, index: Math.max(0, token.index - 1) };
    case "ArrowDown":
      return { ...token, index: Math.min(last, token.index + 1) };
    case "Home":
      return { ...token, index: 0 };
    case "End":
      return { ...token, index: last };
    default:
      return null;
  }
}

/** Focus a token and make it its column's one tab stop. */
export function focusToken(root: Element, { side, index }: TokenRef): void {
  const token = root.querySelector<HTMLElement>(`[data-side="${side}"][data-index="${index}"]`);
  if (!token) return;
  for (const stop of root.querySelectorAll<HTMLElement>(`[data-side="${side}"][tabindex="0"]`)) {
    stop.tabIndex = -1;
  }
  token.tabIndex = 0;
  token.focus({ preventScroll: false });
}
