import { useMemo, useRef } from "preact/hooks";
import { methodOf, signsOf } from "../../frame/method";
import { keysOf } from "../../state/about";
import { tokenWant } from "../../state/wants";
import { ColorBar } from "../common/ColorBar";
import { useMarks } from "../common/marks";
import { useFrame } from "../common/useFrame";
import { useWritten } from "../common/useWritten";
import type { ViewProps } from "../view";
import { chosenToken, pinsTurned } from "./chosen";
import { textColors } from "./inks";
import { scaleFor } from "./looks";
import { Passage } from "./Passage";
import { piecesOf } from "./reading";
import { noteOf, Statement } from "./Statement";
import { goTo } from "./sight";
import { TextBar } from "./TextBar";
import { type Text, usePainting } from "./usePainting";
import { useReader } from "./useReader";
import { useSearch } from "./useSearch";

/** The text as it is read; the ground of each token is its part in the row of one of them. */
export function TextView(props: ViewProps) {
  return <OneStream key={props.stream.name} {...props} />;
}

function OneStream(props: ViewProps) {
  const { about, stream, selection, source, scheme, actions, hover, report } = props;
  const viewport = useRef<HTMLElement>(null);
  const texts = useMemo<Text[]>(() => {
    const keys: Text = { side: "key", pieces: piecesOf(keysOf(stream)) };
    return stream.keys === null
      ? [keys]
      : [keys, { side: "query", pieces: piecesOf(stream.queries) }];
  }, [stream]);
  const chosen = useMemo(() => chosenToken(about, selection, stream), [about, stream, selection]);
  const { token } = chosen;
  const framed = useFrame(source, tokenWant(about, selection, stream, token), report);
  const method = methodOf(about, framed?.want.method ?? selection.method);
  const search = useSearch(texts, () => goTo(focusable(viewport.current)));
  usePainting(viewport, texts, chosen, framed, search, props, () =>
    report("ready", noteOf({ stream, chosen, method })),
  );
  const reader = useReader(viewport, props, () => search.field.current?.focus());
  const marks = useMarks();
  const written = { query: useWritten(stream.queries), key: useWritten(keysOf(stream)) };
  const isOneText = stream.keys === null;
  const scale = framed && scaleFor(framed, selection.scale, method.signed);
  return (
    <div class="aw-text">
      <TextBar
        {...{ selection, actions, search }}
        side={token.side}
        isSigned={method.signed}
        onTurn={(side) => {
          const count = (side === "query" ? stream.queries : keysOf(stream)).text.length;
          const index = Math.min(token.index, count - 1);
          const pins = pinsTurned(selection.tokens_selected, { side, index }, side);
          actions.select({ tokens_selected: pins });
        }}
      />
      <Statement
        {...{ stream, hover, chosen, method }}
        frame={framed?.current ? framed.frame : null}
      />
      <section
        class="aw-text-viewport"
        ref={viewport}
        data-picture
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and arrow keys on it step layers and heads.
        tabIndex={0}
        aria-label="The text. Arrow keys left and right change the layer, up and down the head; on a token they move. Slash searches."
        onPointerMove={reader.onPointerMove}
        onPointerLeave={reader.onPointerLeave}
        onFocusIn={reader.onFocusIn}
        onFocusOut={reader.onFocusOut}
        onClick={reader.onClick}
        onKeyDown={reader.onKeyDown}
      >
        {texts.map(({ side, pieces }) => (
          <div key={side} class="aw-text-part">
            {!isOneText && <h4>{side === "key" ? "to (key)" : "from (query)"}</h4>}
            <Passage
              of={side}
              side={isOneText ? token.side : side}
              pieces={pieces}
              written={written[side]}
              label={isOneText ? "text" : side === "key" ? "to (key)" : "from (query)"}
              cut={(isOneText ? token.side : side) === "query" ? marks.queries : marks.keys}
            />
          </div>
        ))}
      </section>
      <ColorBar
        colors={textColors(scheme.value, method.signed)}
        scale={scale}
        isCausal={false}
        name={method.values}
        signs={method.signed ? signsOf(method) : null}
      />
    </div>
  );
}

/** The tab stop of the text. */
function focusable(viewport: HTMLElement | null): HTMLElement | null {
  return viewport?.querySelector<HTMLElement>('[data-index][tabindex="0"]') ?? null;
}
