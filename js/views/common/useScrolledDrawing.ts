import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { observeSize } from "../../draw/canvas";

/** A drawing in a scrolling box, made once its elements are there and drawn anew at another size. */
export function useScrolledDrawing<Drawing extends { invalidate(): void }>(
  viewport: RefObject<HTMLElement | null>,
  make: (viewport: HTMLElement, lifetime: AbortSignal) => Drawing | null,
): Drawing | null {
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  useLayoutEffect(() => {
    if (!viewport.current) return;
    const lifetime = new AbortController();
    const made = make(viewport.current, lifetime.signal);
    if (made) observeSize(viewport.current, lifetime.signal, () => made.invalidate());
    setDrawing(made);
    return () => lifetime.abort();
  }, []);
  return drawing;
}
