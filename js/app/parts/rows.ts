import type { ContributionsFrame } from "../../frame/contributions";
import type { About } from "../../state/about";
import { streamOf } from "../../state/clamp";
import { layerNumber } from "../../state/layers";
import type { Selection } from "../../state/selection";

/** One bar of the chart. */
export interface PartRow {
  name: string;
  value: number;
  /** The selection that shows it; null of what no view shows. */
  change: Pick<Selection, "stream" | "layer" | "heads"> | null;
  /** The heads of a layer, which the bar is the sum of. */
  heads?: PartRow[];
}

/** The parts of a logit from the embedding up, the heads of a layer together. */
export function partRows(about: About, frame: ContributionsFrame): PartRow[] {
  const { embedding, bias, mlps, streams, names } = frame;
  const own = (layer: number) => layerNumber(streamOf(about, streams[0]?.name ?? ""), layer);
  const alone = (name: string, value: number): PartRow => ({ name, value, change: null });
  const layers = mlps.flatMap((mlp, layer) => [
    ...streams.map(({ name: stream, layers }) => {
      const values = layers[layer] ?? [];
      return {
        name: `layer ${own(layer)} ${streams.length > 1 ? `${stream} ` : ""}heads`,
        value: sum(values),
        change: { stream, layer, heads: null },
        heads: values.map((value, head) => ({
          ...{ name: `head ${head}`, value },
          change: { stream, layer, heads: [head] },
        })),
      };
    }),
    alone(names?.rests[layer] ?? `layer ${own(layer)} MLP`, mlp),
  ]);
  return [alone(names?.below ?? "embedding", embedding), ...layers, alone("bias", bias)];
}

export function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
