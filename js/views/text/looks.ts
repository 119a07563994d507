import type { Scheme } from "../../draw/palette";
import { visibleText } from "../../draw/tokenText";
import { methodOf } from "../../frame/method";
import type { TokenWant } from "../../frame/want";
import { type About, keysOf, type StreamAbout } from "../../state/about";
import { isPinned } from "../../state/pins";
import type { Selection, Side } from "../../state/selection";
import { WRITTEN, writtenIn } from "../../state/written";
import { type Scale, scaleOf, stepOf } from "../common/scale";
import type { Framed } from "../common/useFrame";
import { type Chosen, otherSide } from "./chosen";
import { type Ink, inksOf } from "./inks";
import type { Look } from "./paint";
import { valueText } from "./words";

interface Given {
  about: About;
  stream: StreamAbout;
  selection: Selection;
  chosen: Chosen;
  framed: Framed<TokenWant>;
  scheme: Scheme;
}

const NOTHING: Ink = { ground: "", letters: "" };

/** The scale of the values of one token, which begins at zero. */
export function scaleFor(
  { frame }: Framed<TokenWant>,
  kind: Selection["scale"],
  isSigned: boolean,
): Scale {
  let [low, high] = [0, 0];
  for (const value of frame.values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return scaleOf([{ low, high }], kind, isSigned);
}

/** A function that says how a token of a side looks. */
export function looksOf({ about, stream, selection, chosen, framed, scheme }: Given) {
  const { want, frame } = framed;
  const method = methodOf(about, want.method);
  const inks = inksOf(scheme, method.signed);
  const scale = scaleFor(framed, selection.scale, method.signed);
  const colored = otherSide(want.side);
  const isOneText = stream.keys === null;
  const isOut = outOf(stream, want);
  const { token } = chosen;
  const { text: queries } = stream.queries;
  const { text: keys } = keysOf(stream);
  const written = {
    query: new Set(writtenIn(stream.queries)),
    key: new Set(writtenIn(keysOf(stream))),
  };
  return (side: Side, index: number): Look => {
    const isColored = isOneText || side === colored;
    const value = frame.values[index] ?? 0;
    // In a text of both sides, a click makes a token what the shown one is.
    const own = isOneText ? token.side : side;
    const isPin = isPinned(selection.tokens_selected, { side: own, index });
    const name = `${own} ${index}, ${visibleText((side === "query" ? queries : keys)[index] ?? "")}`;
    const by = written[side].has(index) ? `, ${WRITTEN}` : "";
    const share = isColored ? `, ${valueText(method, value)}` : "";
    return {
      ink: isColored ? (inks[stepOf(scale, value)] ?? NOTHING) : NOTHING,
      label: `${name}${by}${share}${isPin ? ", pinned" : ""}`,
      isPinned: isPin,
      isShown: own === token.side && index === token.index,
      isOut: isColored && value === 0 && isOut(index),
    };
  };
}

/** Tells the tokens that take no part in a row: masked ones, and keys that are hidden. */
function outOf(stream: StreamAbout, want: TokenWant): (index: number) => boolean {
  const special = new Set(want.hide_special ? keysOf(stream).special : []);
  const isCausal = stream.causal && stream.keys === null;
  return (index) => {
    if (want.side === "key") return isCausal && index < want.index;
    if (special.has(index) || (want.hide_first && index === 0)) return true;
    return isCausal && index > want.index;
  };
}
