import type { TokenList } from "../../state/about";
import { writtenIn } from "../../state/written";
import type { Layout } from "./layout";
import type { NodeWindow } from "./useSight";

interface Props {
  side: "top" | "bottom";
  tokens: TokenList;
  layout: Layout;
  window: NodeWindow;
}

/** A rule between the tokens that the model wrote and their nodes. */
export function WrittenRules({ side, tokens, layout, window }: Props) {
  const written = new Set(writtenIn(tokens));
  const { pitch, centers, shown } = layout;
  return (
    <>
      {shown.slice(window.first, window.end).map((index, at) => {
        if (!written.has(index)) return null;
        const left = (centers[window.first + at] as number) - pitch / 2;
        return (
          <i
            key={index}
            class="aw-written-rule"
            data-end={side}
            style={{ left: `${left}px`, width: `${pitch}px` }}
            aria-hidden="true"
          />
        );
      })}
    </>
  );
}
