import { useEffect, useRef, useState } from "preact/hooks";
import type { TextEdit } from "../../state/edits";

interface Props {
  /** The text, or the two of a pair. */
  texts: string[];
  isBusy: boolean;
  onRun(edit: TextEdit): void;
}

/** The whole text to be edited; Enter runs it. */
export function TextForm({ texts, isBusy, onRun }: Props) {
  const [written, setWritten] = useState(texts);
  const first = useRef<HTMLTextAreaElement>(null);
  useEffect(() => first.current?.focus(), []);
  const run = () => onRun({ text: written[0] ?? "", text_pair: written[1] ?? null });
  return (
    <fieldset class="aw-text-form" aria-label="Edit the text">
      {written.map((text, place) => (
        <textarea
          key={place}
          name={place === 0 ? "edited_text" : "edited_text_pair"}
          ref={place === 0 ? first : null}
          dir="auto"
          rows={Math.min(8, 2 + Math.floor(text.length / 60))}
          spellcheck={false}
          aria-label={written.length > 1 ? `Text ${"AB"[place]}` : "The text"}
          value={text}
          onInput={({ currentTarget: { value } }) =>
            setWritten(written.map((each, other) => (other === place ? value : each)))
          }
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            if (!isBusy) run();
          }}
        />
      ))}
      <div class="aw-cut-buttons">
        <button type="button" class="aw-button" name="run_text" disabled={isBusy} onClick={run}>
          Run
        </button>
        <span class="aw-faint">Enter runs the model, Shift+Enter begins a line.</span>
      </div>
    </fieldset>
  );
}
