import { useState } from "preact/hooks";
import type { FrameSource } from "../../state/source";
import { predictionsWant } from "../../state/target";

interface Props {
  unit: "token" | "class";
  source: FrameSource;
  position: number | null;
  /** The token or class that the other one is compared with. */
  chosen: number | null;
  onFound(index: number): void;
}

/** Finds a token or class to compare with by its text; it may be far from the most probable. */
export function OtherToken({ unit, source, position, chosen, onFound }: Props) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const find = () => {
    if (text === "") return setProblem(`Write a ${unit} first.`);
    const want = { ...predictionsWant(position), including: [text] };
    source.get(want, new AbortController().signal).then(
      ({ included: [index] }) => {
        if (index === undefined || index === chosen) {
          setProblem(`This is the ${unit} that is chosen; write another one.`);
          return;
        }
        setProblem(null);
        setText("");
        onFound(index);
      },
      (error: Error) => setProblem(error.message),
    );
  };
  return (
    <>
      <div class="aw-other-token">
        <input
          type="text"
          name="target_text"
          value={text}
          placeholder={`another ${unit}`}
          aria-label={`Instead of another ${unit}, by its text`}
          title={unit === "token" ? "One token; mind the space before a word" : "A label"}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            find();
          }}
        />
        <button type="button" class="aw-button" name="find_target" onClick={find}>
          Compare
        </button>
      </div>
      {problem !== null && (
        <p class="aw-problem" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
