import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { divergingColors, sequentialColors } from "../../draw/colormap";
import { methodOf } from "../../frame/method";
import { lackOf, type StreamAbout } from "../../state/about";
import { useSize } from "../common/useSize";
import type { ViewProps } from "../view";
import { arrange, arrangeTable } from "./arrange";
import { type Coloring, coloringOf, type EffectWay, isEffect } from "./coloring";
import { HeadDetail } from "./HeadDetail";
import { HeadTable } from "./HeadTable";
import { type HeadRef, openedHead } from "./headRef";
import { effectsOf, importanceOf } from "./importance";
import { type LayerRange, visibleLayers } from "./layout";
import { ModelBar } from "./ModelBar";
import { type HoveredHead, Preview } from "./Preview";
import { ThumbnailGrid } from "./ThumbnailGrid";
import { thumbnailStyle } from "./thumbnailStyle";
import { useHeadEffects } from "./useHeadEffects";
import { useJointReports } from "./useJointReports";
import { type LayerFrames, useThumbnails } from "./useThumbnails";

interface ModelViewProps extends ViewProps {
  /** Shows the one head that is opened. */
  Detail: ComponentType<ViewProps>;
}

const UNCOLOURED: Record<Coloring, string | null> = {
  weight: null,
  importance: "importance is",
  effect: "effects of heads are",
  exact_effect: "effects of heads are",
};

/** All layers by all heads as thumbnails; one of them can be opened and read beside the grid. */
export function ModelView(props: ModelViewProps) {
  const { about, stream, selection, source, actions, hover, report } = props;
  const root = useRef<HTMLDivElement>(null);
  const bounds = useSize(root);
  const [scroll, setScroll] = useState({ top: 0, height: 0 });
  const [opened, setOpened] = useState<HeadRef | null>(null);
  const [isTable, setTable] = useState(false);
  const hovered = useSignal<HoveredHead | null>(null);
  const scheme = props.scheme.value;
  const method = methodOf(about, selection.method);
  const isFused = !method.per_head;
  const columns = isFused ? 1 : stream.heads;
  // Colour tells the signs of values that have any, which a coloured ground leaves no room for.
  const canColor = !isFused && !method.signed;
  const coloring = coloringOf(selection, stream, props.importance !== null);
  const shown = openedHead(opened, selection.layer, isFused ? [0] : selection.heads);
  const isOpen = shown !== null;
  const { layout, detail, gridWidth, gridHeight, detailWidth } = useMemo(
    () => ({
      ...arrange(bounds.width, stream.layers, columns, isOpen),
      ...(isTable && arrangeTable(bounds.width, isOpen)),
    }),
    [bounds.width, stream, columns, isOpen, isTable],
  );
  const sight = visibleLayers(scroll.top, scroll.height, layout.pitch, stream.layers);
  const reports = useJointReports(report, isOpen);
  const way = isTable ? tableWay(coloring, stream) : canColor && isEffect(coloring) && coloring;
  const effects = useHeadEffects(
    ...([source, selection, stream, way || null] as const),
    reports.effects,
    (way) => actions.select({ head_colors: way === "exact_effect" ? "effect" : "weight" }),
  );
  const given = canColor && coloring === "importance" ? props.importance : null;
  const importance = useMemo(() => {
    if (effects) return effectsOf(effects, divergingColors(scheme));
    return given && importanceOf(given, sequentialColors(scheme));
  }, [effects, given, scheme]);
  const layers = useThumbnails(source, about, selection, stream, sight, isTable, reports.grid);
  const full = method.full_scale ?? strongest(layers);
  const style = useMemo(
    () => thumbnailStyle(selection.thumbnails, scheme, full, method.signed),
    [selection.thumbnails, scheme, full, method],
  );

  const isComplete = isTable
    ? layers.every(({ summary }, layer) => summary || lackOf(stream, "layers", layer))
    : scroll.height > 0 && hasAllInSight(layers, sight, stream);
  useEffect(() => {
    if (isComplete) reports.grid("ready", isOpen ? undefined : "");
  }, [
    isComplete,
    layers,
    sight.first,
    layout,
    style,
    importance,
    selection.layer,
    selection.heads,
    isOpen,
    isTable,
  ]);

  const point = (next: HoveredHead | null) => {
    hovered.value = next;
    hover.value = next && { layer: next.layer, ...(isFused ? {} : { head: next.head }) };
  };
  const open = ({ layer, head }: HeadRef) => {
    if (lackOf(stream, "layers", layer) ?? (!isFused && lackOf(stream, "heads", head))) return;
    point(null); // the sizes change: what is under the pointer is another head now
    if (shown?.layer === layer && shown.head === head) return setOpened(null);
    setOpened({ layer, head });
    actions.select(isFused ? { layer } : { layer, heads: [head] });
  };
  const close = () => setOpened(null);

  return (
    <div class="aw-model" ref={root} data-detail={detail}>
      <ModelBar
        {...{ selection, method, stream, actions, style, importance, coloring }}
        canColor={canColor}
        hasImportance={props.importance !== null}
        uncoloured={method.signed && !isFused ? UNCOLOURED[coloring] : null}
        isFile={about.views !== undefined}
        isTable={isTable}
        // Figures are those of one run.
        onTable={selection.run === "difference" ? null : setTable}
        frame={layers[sight.first]?.thumbnails}
      />
      <div class="aw-model-body">
        {isTable && (
          <HeadTable
            {...{ stream, selection, source, layers }}
            importance={props.importance}
            width={gridWidth}
            height={gridHeight}
            opened={shown}
            onPoint={(head) => {
              hover.value = head;
            }}
            onOpen={open}
            onClose={close}
          />
        )}
        {bounds.width > 0 && !isTable && (
          <ThumbnailGrid
            {...{ stream, selection, method, columns, layers, layout, style, importance, sight }}
            width={gridWidth}
            height={gridHeight}
            opened={shown}
            onScroll={setScroll}
            onPoint={point}
            onOpen={open}
            onClose={close}
          />
        )}
        {shown && (
          <HeadDetail
            {...props}
            {...shown}
            report={reports.detail}
            summary={layers[shown.layer]?.summary}
            width={detailWidth}
            onClose={close}
          />
        )}
      </div>
      <Preview {...{ hovered, method, stream, layers, style, importance, bounds }} />
    </div>
  );
}

/** How the table has the effects of heads: exactly where that was asked for, else estimated. */
function tableWay(coloring: Coloring, { head_effects = [] }: StreamAbout): EffectWay | null {
  if (isEffect(coloring)) return coloring;
  return head_effects.includes("effect") ? "effect" : null;
}

/** The largest magnitude of all that has come. */
function strongest(layers: LayerFrames[]): number {
  return Math.max(...layers.map(({ thumbnails }) => thumbnails?.top ?? 0)) || 1;
}

/** True once every layer in sight has its thumbnails, or cannot have any. */
function hasAllInSight(layers: LayerFrames[], sight: LayerRange, stream: StreamAbout): boolean {
  return layers.every(
    ({ thumbnails }, layer) =>
      thumbnails || layer < sight.first || layer > sight.last || lackOf(stream, "layers", layer),
  );
}
