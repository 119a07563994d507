import { useEffect, useMemo, useRef } from "preact/hooks";
import { capital } from "../../draw/methodText";
import { type MethodRow, methodWith } from "../../frame/method";
import { keysOf, lackOf } from "../../state/about";
import { layerNumber } from "../../state/layers";
import { ColorBar } from "../common/ColorBar";
import { stepTo } from "../common/rovingFocus";
import { colorsOf, scaleOf } from "../common/scale";
import type { ViewProps } from "../view";
import { LayerMatrix } from "./LayerMatrix";
import { useRollouts } from "./useRollouts";

interface Props extends ViewProps {
  /** The method that is shown layer by layer. */
  method: MethodRow;
}

/** The scores of one method after each layer, as small pictures in one scale; a click opens one. */
export function Evolution(props: ViewProps) {
  const method = methodWith(props.about, "evolves");
  const View = props.stream.methods.includes(method.name) ? Layers : Lacking;
  return <View {...props} method={method} />;
}

function Lacking({ stream, method, report }: Props) {
  useEffect(() => report("ready", ""), [stream]);
  return (
    <p class="aw-matrix-empty">
      <b>
        No {method.title} of {stream.name}.
      </b>{" "}
      This trace does not allow it, so there is nothing to show layer by layer.
    </p>
  );
}

function Layers({ stream, selection, method, source, actions, report, ...props }: Props) {
  const scheme = props.scheme.value;
  const grid = useRef<HTMLDivElement>(null);
  const frames = useRollouts(source, props.about, selection, stream, method, report);
  const colors = colorsOf(selection.colormap, scheme, false);
  const scale = useMemo(() => {
    const tops = frames.map((frame) => ({ low: 0, high: frame?.top ?? 0 }));
    return scaleOf(tops, selection.scale, false);
  }, [frames, selection.scale]);
  const isComplete = frames.every((frame, layer) => frame ?? lackOf(stream, "layers", layer));
  useEffect(() => {
    if (isComplete) report("ready", `${method.title} after each of ${stream.layers} layers`);
  }, [isComplete, frames, colors, scale, selection.layer]);

  const onKeyDown = (event: KeyboardEvent) => {
    const button = event.target instanceof Element && event.target.closest("button");
    const key = { ArrowLeft: "ArrowUp", ArrowRight: "ArrowDown" }[event.key] ?? event.key;
    const from = button && Number(button.dataset.layer);
    const to = typeof from === "number" ? stepTo(key, from, stream.layers) : null;
    if (to === null) return;
    grid.current?.querySelector<HTMLElement>(`[data-layer="${to}"]`)?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
  const isCausal = stream.causal && stream.keys === null;
  const aspect = stream.queries.text.length / keysOf(stream).text.length;
  return (
    <div class="aw-evolution">
      <div class="aw-matrix-legend">
        <ColorBar {...{ colors, scale, isCausal }} />
        <span class="aw-faint">
          {capital(method.title)} after each layer, all heads fused (
          {method.own_fusion ?? selection.fusion}); down: from (query), across: to (key). Click one
          to open it.
        </span>
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys reach it from the buttons within. */}
      <div class="aw-evolution-grid" ref={grid} onKeyDown={onKeyDown}>
        {frames.map((frame, layer) => (
          <LayerMatrix
            key={layer}
            {...{ layer, frame, colors, scale, aspect, isCausal }}
            title={method.title}
            number={layerNumber(stream, layer)}
            lack={lackOf(stream, "layers", layer)}
            isCurrent={layer === selection.layer}
            onOpen={() => actions.select({ matrix_mode: "single", method: method.name, layer })}
          />
        ))}
      </div>
    </div>
  );
}
