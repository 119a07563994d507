/** The token that a key leads to from another of the same text; null for any other key. */
export function neighbourOf(
  tokens: readonly HTMLElement[],
  from: number,
  key: string,
): HTMLElement | null {
  const last = tokens.length - 1;
  switch (key) {
    case "ArrowLeft":
      return tokens[Math.max(0, from - 1)] ?? null;
    case "ArrowRight":
      return tokens[Math.min(last, from + 1)] ?? null;
    case "Home":
      return tokens[0] ?? null;
    case "End":
      return tokens[last] ?? null;
    case "ArrowUp":
      return inNextLine(tokens, from, -1);
    case "ArrowDown":
      return inNextLine(tokens, from, 1);
    default:
      return null;
  }
}

/** The nearest token of the line above or below. */
function inNextLine(tokens: readonly HTMLElement[], from: number, step: 1 | -1): HTMLElement {
  const start = tokens[from] as HTMLElement;
  const { left, right, top } = start.getBoundingClientRect();
  const middle = (left + right) / 2;
  let line: number | null = null;
  let nearest = start;
  let least = Number.POSITIVE_INFINITY;
  for (let at = from + step; at >= 0 && at < tokens.length; at += step) {
    const token = tokens[at] as HTMLElement;
    const box = token.getBoundingClientRect();
    if (Math.abs(box.top - top) < box.height / 2) continue;
    line ??= box.top;
    if (Math.abs(box.top - line) >= box.height / 2) break;
    const distance = Math.abs((box.left + box.right) / 2 - middle);
    if (distance >= least) continue;
    least = distance;
    nearest = token;
  }
  return nearest;
}
