import { useState } from "preact/hooks";
import { formatNumber, formatPercent } from "../../draw/format";
import { visibleText } from "../../draw/tokenText";
import type { Prediction } from "../../frame/predictions";
import type { AlternativesWant } from "../../frame/want";
import type { Place } from "../../state/edits";
import type { FrameSource } from "../../state/source";
import { useChange } from "../cuts/useChange";

interface Props {
  place: Place;
  /** The token that is there. */
  token: string;
  source: FrameSource;
  isBusy: boolean;
  onChoose(token: number): void;
}

/** The tokens that the model itself would put in the place of one, and a field for any other. */
export function Alternatives({ place, token, source, isBusy, onChoose }: Props) {
  const [text, setText] = useState("");
  const [refused, setRefused] = useState<string | null>(null);
  const want: AlternativesWant = { kind: "alternatives", ...place };
  const { shown, problem } = useChange(source, want);
  const frame = shown?.current ? shown.frame : undefined;

  const find = () => {
    if (text === "") return setRefused("Write a token first.");
    setRefused(null);
    source.get({ ...want, text }, new AbortController().signal).then(
      ({ named }) => named !== null && onChoose(named),
      ({ message }: Error) => setRefused(`${message} Several tokens: edit the text.`),
    );
  };
  return (
    <fieldset class="aw-alternatives" aria-label={`In the place of ‘${token}’`}>
      {!frame && !problem && <p class="aw-faint">asking the model…</p>}
      {frame?.why && <p class="aw-faint">{frame.why}</p>}
      {frame?.predictions.map((entry) => (
        <button
          key={entry.index}
          type="button"
          name="replace_with"
          value={entry.index}
          disabled={isBusy || entry.index === frame.current}
          title={entry.index === frame.current ? "This is the token that is there" : entry.text}
          onClick={() => onChoose(entry.index)}
        >
          <span class="aw-share-token">{visibleText(entry.text)}</span>
          <span class="aw-bar-track" aria-hidden="true">
            <span style={{ width: `${100 * (entry.probability ?? 0)}%` }} />
          </span>
          <span class="aw-number">{likelihood(entry)}</span>
        </button>
      ))}
      <div class="aw-other-token">
        <input
          type="text"
          name="replacement"
          dir="auto"
          value={text}
          placeholder="another token"
          aria-label={`Another token in the place of ‘${token}’`}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            find();
          }}
        />
        <button
          type="button"
          class="aw-button"
          name="find_replacement"
          disabled={isBusy}
          onClick={find}
        >
          Replace
        </button>
      </div>
      {(refused ?? problem) !== null && (
        <p class="aw-problem" role="alert">
          {refused ?? problem}
        </p>
      )}
    </fieldset>
  );
}

function likelihood({ probability, logit }: Prediction): string {
  return probability === null ? formatNumber(logit ?? 0) : formatPercent(probability);
}
