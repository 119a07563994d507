import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ColorTable } from "../../draw/colormap";
import { visibleText } from "../../draw/tokenText";
import type { NeuronFrame } from "../../frame/neuron";
import type { TokenList } from "../../state/about";
import { revealRow } from "../common/revealRow";
import { stepTo, tokenSelector, useLateFocus } from "../common/rovingFocus";
import { useWindow } from "../common/useWindow";
import { useWritten } from "../common/useWritten";
import { type Columns, dimensionAt, ROW, SPACE } from "./columns";
import { KeyRow } from "./KeyRow";
import type { Limits } from "./limits";
import type { SortBy } from "./order";
import { type StripCell, StripTip } from "./StripTip";
import { TableHead } from "./TableHead";
import { useStrips } from "./useStrips";

/** Heights of the table's head, as in neuron.css. */
const HEAD = { alone: 41, withQuery: 69 } as const;

interface ScoreTableProps {
  frame: NeuronFrame;
  columns: Columns;
  order: Uint32Array;
  sortBy: SortBy;
  tokens: TokenList;
  queryText: string;
  limits: Limits;
  colors: ColorTable;
  pinned: ReadonlySet<number>;
  onClick(key: number): void;
  onHover(key: number | null): void;
}

/** One row for each key on its way from vectors to softmax; only rows in sight are rendered. */
export function ScoreTable(props: ScoreTableProps) {
  const { frame, columns, order, tokens, limits, colors, onClick, onHover } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [cell, setCell] = useState<StripCell | null>(null);
  const [focused, setFocused] = useState<number | null>(null);
  const focus = useLateFocus(scroller, tokenSelector);
  const rows = useWindow(scroller, ROW, frame.keyCount);
  useStrips(canvas, frame, order, rows, columns, limits, colors);
  const top = useMemo(() => frame.weights.reduce((most, w) => Math.max(most, w), 0), [frame]);
  const special = useMemo(() => new Set(tokens.special), [tokens]);
  const written = useWritten(tokens);

  // In another order other keys come first.
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [props.sortBy]);

  const point = (event: PointerEvent) => {
    const [box, corner] = [body.current, scroller.current].map((e) => e?.getBoundingClientRect());
    if (!box || !corner) return;
    const row = Math.floor((event.clientY - box.top) / ROW);
    const isHead = event.target instanceof Element && event.target.closest(".aw-neuron-head");
    const key = isHead ? null : (order[row] ?? null);
    onHover(key);
    const x = event.clientX - box.left;
    const dimension = columns.strips && dimensionUnder(x, columns.strips, isHead !== null);
    const isOnStrip = dimension !== null && (key !== null || isOnQueryStrip(event.target));
    const place = { x: event.clientX - corner.left + 14, y: event.clientY - corner.top + 16 };
    setCell(isOnStrip ? { key, dimension, ...place } : null);
  };
  const leave = () => {
    onHover(null);
    setCell(null);
  };
  const onKeyDown = (event: KeyboardEvent, from: number) => {
    const to = stepTo(event.key, from, order.length);
    const key = to === null ? undefined : order[to];
    if (to === null || key === undefined || !scroller.current) return;
    event.preventDefault();
    event.stopPropagation();
    setFocused(key);
    focus.later(key);
    revealRow(scroller.current, to, ROW, columns.strips ? HEAD.withQuery : HEAD.alone);
  };

  const shown = Array.from(order.subarray(rows.first, rows.end));
  const tabStop = focused !== null && shown.includes(focused) ? focused : shown[0];
  return (
    <div class="aw-neuron-frame">
      <div
        class="aw-neuron-table"
        ref={scroller}
        style={{ "--columns": template(columns), "--space": `${SPACE}px` }}
        onPointerMove={point}
        onPointerLeave={leave}
      >
        <table
          aria-label={`From ${props.queryText} to every key`}
          aria-rowcount={frame.keyCount + 1}
          style={{ width: `${columns.width}px` }}
        >
          <TableHead
            {...{ frame, columns, colors, top }}
            queryText={props.queryText}
            limit={limits.vectors}
          />
          <tbody class="aw-neuron-body" ref={body} style={{ height: `${frame.keyCount * ROW}px` }}>
            {columns.strips && (
              <tr class="aw-neuron-strips">
                <td style={{ left: `${columns.strips.keyLeft}px`, top: `${rows.first * ROW}px` }}>
                  <canvas ref={canvas} />
                </td>
              </tr>
            )}
            {shown.map((key, row) => (
              <KeyRow
                key={key}
                {...{ frame, columns, top }}
                index={key}
                position={rows.first + row}
                text={visibleText(tokens.text[key] ?? "")}
                isSpecial={special.has(key)}
                origin={written.words(key)}
                isPinned={props.pinned.has(key)}
                isTabStop={key === tabStop}
                onClick={onClick}
                onKeyDown={onKeyDown}
              />
            ))}
          </tbody>
        </table>
      </div>
      {cell && <StripTip cell={cell} frame={frame} />}
    </div>
  );
}

function template({ token, strips, score, scores, softmax }: Columns): string {
  const vectors = strips ? `${strips.width}px ${strips.width}px ` : "";
  return `${token}px ${vectors}${`${score - SPACE}px `.repeat(scores.length)}${softmax}px`;
}

function dimensionUnder(
  x: number,
  strips: NonNullable<Columns["strips"]>,
  isHead: boolean,
): number | null {
  const inKeys = dimensionAt(x - strips.keyLeft, strips);
  return inKeys === null && !isHead ? dimensionAt(x - strips.productLeft, strips) : inKeys;
}

function isOnQueryStrip(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-strip="query"]') !== null;
}
