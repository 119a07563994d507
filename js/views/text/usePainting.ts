import { useComputed, useSignalEffect } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect, useMemo, useState } from "preact/hooks";
import type { TokenWant } from "../../frame/want";
import type { Side } from "../../state/selection";
import type { Framed } from "../common/useFrame";
import { useLatest } from "../common/useLatest";
import type { ViewProps } from "../view";
import type { Chosen } from "./chosen";
import { looksOf } from "./looks";
import { PaintedText } from "./paint";
import type { Piece } from "./reading";
import type { Match } from "./search";
import { reveal } from "./sight";

/** A text on the screen. A stream whose queries and keys are the same tokens has one, of keys. */
export interface Text {
  side: Side;
  pieces: readonly Piece[];
}

/** Paints the texts: values, pins, what is searched, and the token that is pointed at beside. */
export function usePainting(
  viewport: RefObject<HTMLElement | null>,
  texts: readonly Text[],
  chosen: Chosen,
  framed: Framed<TokenWant> | null,
  { matches, at }: { matches: Match[]; at: number },
  props: ViewProps,
  onPainted: () => void,
): void {
  const [painted, setPainted] = useState<Map<Side, PaintedText>>(new Map());
  const { selection, scheme, stream, about, hover } = props;
  const latest = useLatest(onPainted);

  useLayoutEffect(() => {
    const found = texts.map(({ side }): [Side, PaintedText] | null => {
      const passage = viewport.current?.querySelector(`[data-passage="${side}"]`);
      return passage ? [side, new PaintedText(passage)] : null;
    });
    setPainted(new Map(found.filter((each) => each !== null)));
  }, [texts]);

  const looks = useMemo(
    () => framed && looksOf({ about, stream, selection, chosen, framed, scheme: scheme.value }),
    [framed, about, stream, selection.tokens_selected, selection.scale, chosen, scheme.value],
  );
  useLayoutEffect(() => {
    if (!looks || painted.size === 0) return;
    for (const [side, text] of painted) text.paint((index) => looks(side, index));
    if (framed?.current) latest.current();
  }, [looks, painted]);

  // The shown token comes into sight when another one is chosen, not while one scrolls.
  const { side, index } = chosen.token;
  const textOf = (of: Side) => painted.get(of) ?? [...painted.values()][0];
  useLayoutEffect(() => {
    if (viewport.current) reveal(viewport.current, textOf(side)?.token(index));
  }, [painted, side, index]);

  useLayoutEffect(() => {
    const current = matches[at];
    for (const [of, text] of painted) {
      text.mark(
        "match",
        matches.filter((match) => match.side === of),
      );
      text.mark("current", current?.side === of ? [current] : []);
    }
    if (current && viewport.current) {
      reveal(viewport.current, textOf(current.side)?.token(current.first));
    }
  }, [painted, matches, at]);

  const pointed = useComputed(() => hover.value?.token ?? null);
  useSignalEffect(() => {
    const token = pointed.value;
    for (const [of, text] of painted) {
      const isThere = token && (painted.size === 1 || token.side === of);
      text.mark("pointed", isThere ? [{ first: token.index, last: token.index }] : []);
    }
  });
}
