import { useEffect, useRef } from "preact/hooks";
import { prepareCanvas } from "../../draw/canvas";
import type { ColorTable } from "../../draw/colormap";
import { formatNumber, formatPercent, plural } from "../../draw/format";
import type { NeuronFrame } from "../../frame/neuron";
import type { Columns, ScoreColumn } from "./columns";
import { STRIP } from "./columns";
import { drawStrips } from "./drawStrips";

interface TableHeadProps {
  frame: NeuronFrame;
  columns: Columns;
  queryText: string;
  limit: number;
  colors: ColorTable;
  /** The weight of a full bar. */
  top: number;
}

/** Titles of the columns, in words; under them the query's own vector, in line with the keys'. */
export function TableHead({ frame, columns, queryText, limit, colors, top }: TableHeadProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { strips } = columns;
  useEffect(() => {
    const surface = strips && canvas.current && prepareCanvas(canvas.current, strips.width, STRIP);
    if (!surface) return;
    const place = { left: 0, top: 0, width: strips.width, height: STRIP, pitch: STRIP };
    const { query, dimensions } = frame;
    drawStrips(surface.context, query, dimensions, limit, colors, place, () => false);
  }, [frame, strips, limit, colors]);

  return (
    <thead class="aw-neuron-head">
      <tr class="aw-neuron-row">
        <Title name="to (key)" detail={plural(frame.keyCount, "token")} class="aw-neuron-token" />
        {strips && (
          <>
            <Title name="key vector k" detail={plural(frame.dimensions, "dimension")} />
            <Title name="q × k" detail="element-wise" />
          </>
        )}
        {columns.scores.map(({ name }) => (
          <Title key={name} name={name} detail={explain(name, frame)} class="aw-neuron-score" />
        ))}
        <Title name="softmax" detail={`share; full bar ${formatPercent(top)}`} />
      </tr>
      {strips && (
        <tr class="aw-neuron-row aw-neuron-query">
          <td class="aw-neuron-token" title={queryText}>
            {queryText}
          </td>
          <td aria-label={`query vector of ${queryText}`} data-strip="query">
            <canvas ref={canvas} />
          </td>
          <td class="aw-neuron-hint">← query q</td>
        </tr>
      )}
    </thead>
  );
}

function Title(props: { name: string; detail: string; class?: string }) {
  return (
    <th scope="col" class={props.class}>
      <b>{props.name}</b>
      <small title={props.detail}>{props.detail}</small>
    </th>
  );
}

function explain(name: ScoreColumn["name"], frame: NeuronFrame): string {
  if (name === "soft cap") return `within ±${frame.softcap}`;
  if (name === "bias") return "added";
  return `q·k × ${formatNumber(frame.scale)}`;
}
