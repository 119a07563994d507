import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { visibleText } from "../../draw/tokenText";
import type { NodeRef } from "../../state/selection";
import { useLatest } from "../common/useLatest";
import { useScrolledDrawing } from "../common/useScrolledDrawing";
import { useWritten } from "../common/useWritten";
import type { Actions } from "../view";
import { Bars } from "./Bars";
import { choiceOf, type Traced } from "./choose";
import { EdgesCanvas } from "./edgesCanvas";
import { Gutter } from "./Gutter";
import { InnerNodes } from "./InnerNodes";
import { Kinds } from "./Kinds";
import { revealNode } from "./keyboard";
import { Labels } from "./Labels";
import { BAR, topHeight } from "./layout";
import type { Scene } from "./scene";
import { numberOf } from "./TokenName";
import { TraceTip } from "./TraceTip";
import { usePointer } from "./usePointer";
import { isWithin, useSight } from "./useSight";
import { nodeAmount, placeName } from "./words";

interface Props {
  scene: Scene;
  traced: Traced;
  actions: Actions;
  onBusy(): void;
  onDrawn(): void;
}

/** The scrolled content: labels above and below, levels between them, edges on a canvas. */
export function PathsDiagram({ scene, traced, actions, ...on }: Props) {
  const { layout, nodes, frame, method } = scene;
  const viewport = useRef<HTMLDivElement>(null);
  const levels = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useLatest(on);
  const edges = useScrolledDrawing(viewport, (box, lifetime) => {
    if (!levels.current || !canvas.current) return null;
    const places = { canvas: canvas.current, levels: levels.current, viewport: box };
    return new EdgesCanvas(places, lifetime, () => latest.current.onDrawn());
  });

  useLayoutEffect(() => {
    if (!edges) return;
    on.onBusy();
    edges.show(scene);
  }, [edges, scene]);

  // Another number of tokens or layers is another diagram: it begins at the traced node.
  useLayoutEffect(() => {
    if (viewport.current) revealNode(viewport.current, layout, scene.traced);
  }, [frame.nodes, layout.levels, layout.width]);

  const window = useSight(viewport, layout);
  const { handlers, tip, focused } = usePointer({ viewport, edges, layout, traced, actions });
  const pressed = useMemo(() => (scene.via ? [scene.traced, scene.via] : [scene.traced]), [scene]);
  const written = useWritten(nodes.tokens);
  const describe = useMemo(
    () => (node: NodeRef) =>
      `${visibleText(nodes.tokens.text[node.index] ?? "")}, ${numberOf(nodes, node.index)}${written.words(node.index)}, ${placeName(frame.levels, node.level)}, ${nodeAmount({ frame, method }, node)}`,
    [nodes, frame, method, written],
  );
  const top = layout.levels - 1;
  const tabStop =
    [focused, scene.traced].find((node) => node && isWithin(window, layout, node)) ??
    topNodeIn(scene, window.first);
  const shared = { layout, nodes, window, pressed, tabStop, describe };
  return (
    <div class="aw-trace-picture" data-aslant={layout.aslant || undefined}>
      <section
        class="aw-trace-viewport"
        ref={viewport}
        aria-label={`Tokens by layers, the inputs at the bottom. Arrow keys move, Enter traces a token or goes through it only, Shift and Enter starts there, Escape releases.`}
        {...handlers}
      >
        <div class="aw-trace-content" style={{ width: `${layout.width}px` }}>
          <div class="aw-trace-top" style={{ height: `${topHeight(layout)}px` }}>
            <div class="aw-trace-corner" />
            <Kinds layout={layout} nodes={nodes} />
            <Labels {...shared} side="top" level={top} />
          </div>
          <div class="aw-trace-levels" ref={levels} style={{ height: `${layout.height}px` }}>
            <canvas ref={canvas} />
            <Gutter levels={frame.levels} layout={layout} traced={scene.traced} />
            <InnerNodes {...shared} />
          </div>
          <div class="aw-trace-bottom" style={{ height: `${BAR + layout.labelHeight}px` }}>
            <div class="aw-trace-corner">{method.is_flow ? "flow" : "arriving"}</div>
            <Bars {...{ frame, method, layout, window }} scheme={scene.scheme} />
            <div class="aw-trace-names" style={{ top: `${BAR}px` }}>
              <Labels {...shared} side="bottom" level={0} />
            </div>
          </div>
        </div>
      </section>
      {tip && (
        <TraceTip
          {...tip}
          scene={scene}
          choice={"node" in tip.target ? choiceOf(tip.target.node, traced) : null}
        />
      )}
    </div>
  );
}

function topNodeIn({ layout }: Scene, place: number): NodeRef | null {
  const index = layout.shown[place];
  return index === undefined ? null : { level: layout.levels - 1, index };
}
