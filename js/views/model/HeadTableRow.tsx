import type { StreamAbout } from "../../state/about";
import { layerNumber } from "../../state/layers";
import type { Selection } from "../../state/selection";
import { useMarks } from "../common/marks";
import type { Column } from "./headRows";

interface Props {
  stream: StreamAbout;
  layer: number;
  head: number;
  columns: Column[];
  selection: Selection;
  /** Its place among the rows. */
  position: number;
  /** The reason why it cannot be opened; null where it can. */
  lack: string | null;
  isOpen: boolean;
  isTabStop: boolean;
}

/** The figures of one head, and a button that opens it. */
export function HeadTableRow(props: Props) {
  const { stream, layer, head, columns, selection, position, lack, isOpen, isTabStop } = props;
  const { heads: cut } = useMarks(layer);
  const isCurrent = layer === selection.layer && (selection.heads?.includes(head) ?? false);
  const number = layerNumber(stream, layer);
  const isCut = cut.has(head);
  return (
    <tr aria-rowindex={position + 2} data-current={isCurrent || undefined}>
      <th scope="row">
        <button
          type="button"
          data-layer={layer}
          data-head={head}
          data-cut={isCut || undefined}
          aria-label={`layer ${number}, head ${head}${isCut ? ", cut" : ""}`}
          aria-expanded={isOpen}
          tabIndex={isTabStop ? 0 : -1}
          disabled={lack !== null}
          title={lack ?? undefined}
        >
          layer {number} <span aria-hidden="true">·</span> head {head}
        </button>
      </th>
      {columns.map(({ title, format, of }) => {
        const values = of(layer);
        const value = values?.[head];
        const isKnown = value !== undefined && !Number.isNaN(value);
        return <td key={title}>{isKnown ? format(value) : values ? "–" : "…"}</td>;
      })}
    </tr>
  );
}
