import type { ReadonlySignal } from "@preact/signals";
import { useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { prepareCanvas } from "../../draw/canvas";
import { type ColorTable, isLightAt, STEPS } from "../../draw/colormap";
import { headColor, type Scheme } from "../../draw/palette";
import type { TokenRef } from "../../state/selection";
import type { Scale } from "../common/scale";
import { useLatest } from "../common/useLatest";
import { drawCells } from "./drawCells";
import { drawOverlay, type Rectangle } from "./drawOverlay";
import type { Cells, Section } from "./geometry";
import type { HoverTarget } from "./hoverTarget";
import type { PlotLayout } from "./layout";

/** The colours and the scale of bars of all plots. */
export interface PlotStyle {
  colors: ColorTable;
  /** Null until there is a matrix. */
  scale: Scale | null;
  /** The value of the longest bar. */
  barTop: number;
  scheme: Scheme;
}

interface Drawn {
  cells: Cells | null;
  section: Section;
  layout: PlotLayout;
  style: PlotStyle;
  isCausal: boolean;
  pins: TokenRef[];
  hovered: ReadonlySignal<HoverTarget | null>;
  drag: ReadonlySignal<Rectangle | null>;
}

/** Canvases for the cells of one plot and, over them, for its pins, its crosshair and its drag. */
export function usePlotDrawing(drawn: Drawn) {
  const { cells, section, layout, style, isCausal, pins, hovered, drag } = drawn;
  const { colors, scale } = style;
  const base = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);

  useLayoutEffect(() => {
    if (!base.current || !cells || !scale) return;
    const surface = prepareCanvas(base.current, layout.width, layout.height);
    if (!surface) return;
    const { fontFamily } = getComputedStyle(base.current);
    drawCells(surface.context, { cells, section, layout, colors, scale, isCausal }, fontFamily);
  }, [cells, section, layout, colors, scale, isCausal]);

  const drawMarks = useLatest(() => {
    const surface = overlay.current && prepareCanvas(overlay.current, layout.width, layout.height);
    if (!surface) return;
    const accent = headColor(null, "dark");
    const isLight = isLightAt(colors, scale?.isSigned ? STEPS / 2 : 0);
    const pointed = { hovered: hovered.value, drag: drag.value };
    drawOverlay(surface.context, { section, layout, pins, ...pointed, accent, isLight });
  });
  useSignalEffect(() => drawMarks.current());
  useLayoutEffect(() => drawMarks.current(), [section, layout, pins, colors]);

  return { base, overlay };
}
