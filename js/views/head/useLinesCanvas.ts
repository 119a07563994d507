import { useComputed, useSignalEffect } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { RowsWant } from "../../frame/want";
import type { Side } from "../../state/selection";
import type { Framed } from "../common/useFrame";
import { useLatest } from "../common/useLatest";
import { useScrolledDrawing } from "../common/useScrolledDrawing";
import type { ViewProps } from "../view";
import type { ColumnLayout } from "./layout";
import type { Lines } from "./lines";
import { LinesCanvas } from "./linesCanvas";

export interface LinesElements {
  viewport: RefObject<HTMLElement | null>;
  canvas: RefObject<HTMLCanvasElement | null>;
  columns: Record<Side, RefObject<HTMLElement | null>>;
}

/** The canvas of lines: it shows a frame between two columns, and the token under the pointer. */
export function useLinesCanvas(
  { viewport, canvas, columns }: LinesElements,
  { selection, hover, scheme }: ViewProps,
  framed: Framed<RowsWant> | null,
  { queries, keys }: { queries: ColumnLayout; keys: ColumnLayout },
  isSigned: boolean,
  on: { busy(): void; drawn(lines: Lines): void },
): LinesCanvas | null {
  const latest = useLatest(on);
  const lines = useScrolledDrawing(viewport, (box, lifetime) => {
    const [query, key] = [columns.query.current, columns.key.current];
    if (!canvas.current || !query || !key) return null;
    const places = { canvas: canvas.current, viewport: box, columns: { query, key } };
    return new LinesCanvas(places, lifetime, (drawn) => latest.current.drawn(drawn));
  });

  const queriesBefore = useRef<object>(queries);
  const { coverage, tokens_selected: pins } = selection;
  useLayoutEffect(() => {
    if (!lines || !framed) return;
    on.busy();
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const { frame, want } = framed;
    const scene = { frame, heads: want.heads ?? [null], queries, keys, coverage, isSigned };
    const token = hover.peek()?.token ?? null;
    const fades = !isCalm && queriesBefore.current === queries;
    lines.show({ ...scene, scheme: scheme.value }, { pins, token }, fades);
    queriesBefore.current = queries;
  }, [lines, framed, queries, keys, pins, coverage, scheme.value, hover]);

  const hovered = useComputed(() => hover.value?.token ?? null);
  useSignalEffect(() => {
    const token = hovered.value;
    lines?.hover(token);
  });
  return lines;
}
