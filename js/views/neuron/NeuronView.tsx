import { useComputed } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { NeuronWant } from "../../frame/want";
import { useFrame } from "../common/useFrame";
import type { ViewProps } from "../view";
import { chosenQuery } from "./chosenQuery";
import { NeuronPanel } from "./NeuronPanel";

/** From one query's vector to its attention: q, every key's k, q × k, score and softmax. */
export function NeuronView(props: ViewProps) {
  const View = props.stream.projections ? ProjectedNeuronView : WithoutProjections;
  return <View {...props} />;
}

function WithoutProjections({ stream, report }: ViewProps) {
  useEffect(() => report("ready", ""), [stream]);
  return (
    <div class="aw-neuron-empty">
      <p>
        <b>No query and key vectors.</b> This trace holds attention weights only, so there is
        nothing to show of how they came about.
      </p>
      <p>
        Capture the model itself, with <code>attnwidget.explore(model, text)</code>, to see them.
        The head view and the model view show the weights.
      </p>
    </div>
  );
}

function ProjectedNeuronView(props: ViewProps) {
  const { stream, selection, hover, source, report } = props;
  const hovered = useComputed(() => {
    const token = hover.value?.token;
    return token?.side === "query" ? token.index : null;
  });
  const want: NeuronWant = {
    kind: "neuron",
    stream: stream.name,
    layer: selection.layer,
    head: selection.heads?.[0] ?? 0,
    query: chosenQuery(selection.tokens_selected, hovered.value, stream),
  };
  const framed = useFrame(source, want, report);
  return <NeuronPanel {...props} want={want} framed={framed} />;
}
