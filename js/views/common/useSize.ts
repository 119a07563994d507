import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { observeSize } from "../../draw/canvas";
import { useLatest } from "./useLatest";

type ElementRef = RefObject<HTMLElement | null>;

export interface Size {
  width: number;
  height: number;
}

/** The size of an element's content in CSS pixels; zeros until it is measured. */
export function useSize(element: ElementRef): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useResize(element, setSize);
  return size;
}

/** The width of an element's content in CSS pixels; 0 until it is measured. */
export function useWidth(element: ElementRef): number {
  const [width, setWidth] = useState(0);
  useResize(element, (size) => setWidth(size.width));
  return width;
}

/** Calls back with an element and its size when it is scrolled or changes its size, and at once. */
export function useScrollPort(
  element: ElementRef,
  onChange: (element: HTMLElement, size: Size) => void,
  dependencies: readonly unknown[] = [],
): void {
  const latest = useLatest(onChange);
  useLayoutEffect(() => {
    const scroller = element.current;
    if (!scroller) return;
    const lifetime = new AbortController();
    let size: Size = { width: 0, height: 0 };
    const call = () => latest.current(scroller, size);
    observeSize(scroller, lifetime.signal, (width, height) => {
      size = { width, height };
      call();
    });
    scroller.addEventListener("scroll", call, { signal: lifetime.signal, passive: true });
    return () => lifetime.abort();
  }, [element, ...dependencies]);
}

function useResize(element: ElementRef, onResize: (size: Size) => void): void {
  const latest = useLatest(onResize);
  useLayoutEffect(() => {
    const lifetime = new AbortController();
    if (element.current) {
      observeSize(element.current, lifetime.signal, (width, height) =>
        latest.current({ width, height }),
      );
    }
    return () => lifetime.abort();
  }, []);
}
