import { formatNumber, formatPercent } from "../../draw/format";
import type { NeuronFrame } from "../../frame/neuron";
import { useMarks } from "../common/marks";
import type { Columns } from "./columns";
import { ROW } from "./columns";

interface KeyRowProps {
  frame: NeuronFrame;
  columns: Columns;
  index: number;
  /** Its place among the rows. */
  position: number;
  text: string;
  isSpecial: boolean;
  /** ", written by the model", or nothing. */
  origin: string;
  isPinned: boolean;
  isTabStop: boolean;
  /** The weight of a full bar. */
  top: number;
  onClick(key: number): void;
  onKeyDown(event: KeyboardEvent, position: number): void;
}

/** One key: its token, its scores, its share. The strips are drawn on the canvas beneath. */
export function KeyRow(props: KeyRowProps) {
  const { frame, columns, index, position, text, isSpecial, origin, isPinned, top } = props;
  const { keys: cut } = useMarks();
  const isAllowed = frame.allowed[index] !== 0;
  const weight = frame.weights[index] ?? 0;
  return (
    <tr
      class="aw-neuron-row"
      aria-rowindex={position + 2}
      data-masked={!isAllowed || undefined}
      style={{ top: `${position * ROW}px`, height: `${ROW}px` }}
    >
      <td class="aw-neuron-token">
        <button
          type="button"
          tabIndex={props.isTabStop ? 0 : -1}
          data-side="key"
          data-index={index}
          data-cut={cut.has(index) || undefined}
          data-written={origin !== "" || undefined}
          data-special={isSpecial || undefined}
          aria-pressed={isPinned}
          aria-label={`key ${index}, ${text}${origin}`}
          title={`${text} (key ${index}${origin})`}
          onClick={() => props.onClick(index)}
          onKeyDown={(event) => props.onKeyDown(event, position)}
        >
          {text}
        </button>
      </td>
      {columns.strips && (
        <>
          <td />
          <td />
        </>
      )}
      {columns.scores.map(({ name, values }) => (
        <td key={name} class="aw-neuron-score">
          {formatNumber(values[index] ?? 0)}
        </td>
      ))}
      <td class="aw-neuron-share">
        {isAllowed ? (
          <>
            <i style={{ width: `calc((100% - 70px) * ${top > 0 ? weight / top : 0})` }} />
            <span>{formatPercent(weight)}</span>
          </>
        ) : (
          <em>masked</em>
        )}
      </td>
    </tr>
  );
}
