import { keysOf, type StreamAbout } from "../../state/about";
import type { TokenRef } from "../../state/selection";
import type { Actions } from "../../views/view";

interface Props {
  pins: TokenRef[];
  stream: StreamAbout;
  actions: Actions;
}

/** The pinned tokens, each to be released. */
export function Pins({ pins, stream, actions }: Props) {
  if (pins.length === 0) return null;
  return (
    <p class="aw-pins">
      <span class="aw-faint">Pinned</span>
      {pins.map((pin) => {
        const text = (pin.side === "query" ? stream.queries : keysOf(stream)).text[pin.index];
        return (
          <button
            key={`${pin.side} ${pin.index}`}
            type="button"
            title="Release"
            onClick={() => actions.togglePin(pin)}
          >
            {pin.side === "query" ? `${text} →` : `→ ${text}`} <span aria-hidden="true">×</span>
          </button>
        );
      })}
      {pins.length > 1 && (
        <button type="button" onClick={() => actions.clearPins()}>
          all ×
        </button>
      )}
    </p>
  );
}
