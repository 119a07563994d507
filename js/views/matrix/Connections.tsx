import { formatNumber, formatSigned } from "../../draw/format";
import { visibleText } from "../../draw/tokenText";
import type { Connection } from "../../frame/matrix";
import { keysOf, type StreamAbout } from "../../state/about";
import { isPinned } from "../../state/pins";
import type { TokenRef } from "../../state/selection";

interface Props {
  title: string;
  connections: Connection[];
  stream: StreamAbout;
  pins: TokenRef[];
  isDifference: boolean;
  /** The values have signs, which are coloured. */
  isSigned: boolean;
  onPoint(connection: Connection | null): void;
  onPick(connection: Connection): void;
}

/** The strongest connections between different tokens; a click shows one in the matrix. */
export function Connections({
  title,
  connections,
  stream,
  pins,
  isDifference,
  isSigned,
  onPoint,
  onPick,
}: Props) {
  const top = Math.max(...connections.map(({ value }) => Math.abs(value)), 0);
  const keys = keysOf(stream);
  const format = isSigned ? formatSigned : formatNumber;
  const isPairPinned = ({ query, key }: Connection) =>
    isPinned(pins, { side: "query", index: query }) && isPinned(pins, { side: "key", index: key });
  return (
    <section class="aw-connections" aria-label={title} data-signed={isSigned || undefined}>
      <h4 title={title}>{title}</h4>
      {connections.length === 0 && (
        <p class="aw-faint">
          {isDifference
            ? "Between different tokens they do not differ."
            : "No token attends to another one here."}
        </p>
      )}
      <ol onPointerLeave={() => onPoint(null)}>
        {connections.map((connection) => {
          const { query, key, value } = connection;
          return (
            <li key={`${query} ${key}`}>
              <button
                type="button"
                data-connection={`${query} ${key}`}
                aria-pressed={isPairPinned(connection)}
                onClick={() => onPick(connection)}
                onPointerEnter={() => onPoint(connection)}
                onFocus={() => onPoint(connection)}
                onBlur={() => onPoint(null)}
              >
                <span class="aw-connection-tokens">
                  {visibleText(stream.queries.text[query] ?? "")}
                  <span class="aw-faint"> {query}</span> → {visibleText(keys.text[key] ?? "")}
                  <span class="aw-faint"> {key}</span>
                </span>
                <span class="aw-connection-bar" data-sign={isSigned ? Math.sign(value) : undefined}>
                  <i style={{ width: `${top > 0 ? (100 * Math.abs(value)) / top : 0}%` }} />
                </span>
                <span class="aw-number">{format(value)}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
