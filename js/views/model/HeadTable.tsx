import { useMemo, useRef, useState } from "preact/hooks";
import { lackOf, type StreamAbout } from "../../state/about";
import type { Selection } from "../../state/selection";
import type { FrameSource } from "../../state/source";
import { headEffectsWant } from "../../state/wants";
import { revealRow } from "../common/revealRow";
import { stepTo, useLateFocus } from "../common/rovingFocus";
import { useWindow } from "../common/useWindow";
import { HeadTableRow } from "./HeadTableRow";
import type { HeadRef } from "./headRef";
import { columnsOf, nextSort, type SortBy, sortedHeads } from "./headRows";
import type { LayerFrames } from "./useThumbnails";

/** Heights of a row and of the table's head, as in head-table.css. */
const ROW = 24;
const HEAD = 28;

interface Props {
  stream: StreamAbout;
  selection: Selection;
  source: FrameSource;
  layers: LayerFrames[];
  importance: number[][] | null;
  width: number;
  height: number;
  opened: HeadRef | null;
  onPoint(head: HeadRef | null): void;
  onOpen(head: HeadRef): void;
  onClose(): void;
}

/** The figures of every head, to be sorted by any of them; only rows in sight are rendered. */
export function HeadTable(props: Props) {
  const { stream, selection, source, layers, importance, opened, onPoint, onOpen } = props;
  const scroller = useRef<HTMLElement>(null);
  const [sortBy, setSortBy] = useState<SortBy>({ column: null, descending: false });
  const [focused, setFocused] = useState<HeadRef | null>(null);
  const focus = useLateFocus(scroller, selectorOf);
  const arrived = source.arrivals.value;
  const columns = useMemo(() => {
    const effects = (isExact: boolean) => (layer: number) =>
      source.peek(headEffectsWant(selection, stream, layer, isExact))?.effects;
    const ways = stream.head_effects ?? [];
    const hasExact = ways.includes("exact_effect") && layers.some((_, at) => effects(true)(at));
    return columnsOf({
      ...{ layers, importance },
      effects: ways.includes("effect") ? effects(false) : null,
      exact: hasExact ? effects(true) : null,
    });
  }, [stream, selection, source, layers, importance, arrived]);
  const rows = useMemo(
    () => sortedHeads(stream.layers, stream.heads, columns, sortBy),
    [stream, columns, sortBy],
  );
  const { first, end } = useWindow(scroller, ROW, rows.length);
  const shown = rows.slice(first, end);
  const inSight = (head: HeadRef | null) => shown.find((row) => isSame(row, head));
  const tabStop = inSight(focused) ?? inSight(opened) ?? shown[0];

  const sort = (column: string | null) => {
    setSortBy((last) => nextSort(last, column));
    if (scroller.current) scroller.current.scrollTop = 0;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const from = rows.findIndex((row) => isSame(row, headOf(event.target)));
    if (event.key === "Escape" && opened) props.onClose();
    else {
      const to = from < 0 ? null : stepTo(event.key, from, rows.length);
      const next = to === null ? undefined : rows[to];
      if (to === null || !next || !scroller.current) return;
      setFocused(next);
      revealRow(scroller.current, to, ROW, HEAD);
      focus.now(next);
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const onClick = (event: MouseEvent) => {
    const head = headOf(event.target);
    if (!head) return;
    setFocused(head);
    onOpen(head);
  };
  const handlers = {
    ...{ onClick, onKeyDown },
    onPointerOver: (event: PointerEvent) => onPoint(headOf(event.target)),
    onPointerLeave: () => onPoint(null),
  };
  const titles = [{ title: "head", help: "layer and head", column: null }, ...columns.map(titleOf)];
  return (
    <section
      class="aw-head-table"
      ref={scroller}
      aria-label="Figures of every head"
      style={{ width: `${props.width}px`, maxHeight: `${props.height}px` }}
      {...handlers}
    >
      <table aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {titles.map(({ title, help, column }) => (
              <th key={title} scope="col" aria-sort={sortedAs(sortBy, column)} title={help}>
                <button type="button" name="sort" value={title} onClick={() => sort(column)}>
                  {title}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr class="aw-head-space" style={{ height: `${first * ROW}px` }} />
          {shown.map((row, at) => (
            <HeadTableRow
              key={`${row.layer} ${row.head}`}
              {...row}
              {...{ stream, columns, selection }}
              position={first + at}
              lack={lackOf(stream, "layers", row.layer) ?? lackOf(stream, "heads", row.head)}
              isOpen={isSame(row, opened)}
              isTabStop={row === tabStop}
            />
          ))}
          <tr class="aw-head-space" style={{ height: `${(rows.length - end) * ROW}px` }} />
        </tbody>
      </table>
    </section>
  );
}

function titleOf({ title, help }: { title: string; help: string }) {
  return { title, help, column: title };
}

function sortedAs({ column, descending }: SortBy, own: string | null) {
  if (column !== own) return "none";
  return descending ? "descending" : "ascending";
}

function isSame(one: HeadRef, other: HeadRef | null): boolean {
  return one.layer === other?.layer && one.head === other.head;
}

function selectorOf({ layer, head }: HeadRef): string {
  return `button[data-layer="${layer}"][data-head="${head}"]`;
}

/** The head of the row around an element. */
function headOf(target: EventTarget | null): HeadRef | null {
  const row = target instanceof Element ? target.closest("tbody tr") : null;
  const button = row?.querySelector<HTMLElement>("button[data-head]");
  if (!button) return null;
  return { layer: Number(button.dataset.layer), head: Number(button.dataset.head) };
}
