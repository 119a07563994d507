import { memo } from "preact/compat";
import type { Side } from "../../state/selection";
import type { Written } from "../common/useWritten";
import type { Piece } from "./reading";

interface Props {
  /** The text that it is. */
  of: Side;
  /** What a click on a token makes it. */
  side: Side;
  pieces: readonly Piece[];
  label: string;
  written: Written;
  /** What is cut. */
  cut: ReadonlySet<number>;
}

/** A text as it is read. What changes often, colours and pins, is painted onto it. */
export const Passage = memo(function Passage({ of, side, pieces, label, written, cut }: Props) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a text is no form fieldset.
    <div class="aw-text-passage" role="group" aria-label={label} data-passage={of}>
      {pieces.map(({ index, before, text, kind }) => [
        before,
        // biome-ignore lint/a11y/useSemanticElements: a button is a box of its own and breaks the text.
        <span
          key={index}
          class={kind === "word" ? undefined : `aw-text-${kind}`}
          role="button"
          tabIndex={index === 0 ? 0 : -1}
          data-side={side}
          data-index={index}
          data-written={written.has(index) || undefined}
          data-cut={cut.has(index) || undefined}
        >
          {text}
        </span>,
      ])}
    </div>
  );
});
