import type { ReadonlySignal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { Finding } from "../../frame/findings";
import { findingsWant } from "../../state/target";
import { useFrame } from "../../views/common/useFrame";
import type { ViewProps } from "../../views/view";
import { useDebounced } from "../inspector/useDebounced";
import { FindingButton } from "./FindingButton";
import { Predicted } from "./Predicted";
import { rememberedOpen, rememberOpen } from "./remembered";

interface Props extends Pick<ViewProps, "about" | "selection" | "source" | "actions"> {
  /** Whether there is a picture: nothing is asked for before. */
  isDrawn: ReadonlySignal<boolean>;
}

/** What the model predicts, and the heads to look at first; each goes there. */
export function LookFirst({ about, selection, source, actions, isDrawn }: Props) {
  const [isOpen, setOpen] = useState(rememberedOpen);
  const [isWhole, setWhole] = useState(false);
  const isReady = useDebounced(`${isDrawn.value}`) && isDrawn.value;
  const found = useFrame(source, isOpen && isReady ? findingsWant(about, selection) : null);
  if (isOpen && !found) return null;
  const { findings = [], notes = [], prediction = null } = found?.frame ?? {};
  if (found && findings.length === 0 && !prediction) return null;
  const first = firstOfEachKind(findings);
  const shown = isWhole ? findings : first;
  return (
    <details
      class="aw-look"
      open={isOpen}
      data-current={found?.current ?? true}
      onToggle={({ currentTarget: { open } }) => {
        setOpen(open);
        rememberOpen(open);
      }}
    >
      <summary>Look first</summary>
      {prediction && <Predicted prediction={prediction} about={about} />}
      <ol>
        {shown.map((finding) => (
          <li key={`${finding.stream} ${finding.layer} ${finding.head} ${finding.kind}`}>
            <FindingButton {...{ about, selection, finding, actions }} />
          </li>
        ))}
      </ol>
      {first.length < findings.length && (
        <button
          type="button"
          class="aw-link"
          aria-expanded={isWhole}
          onClick={() => setWhole(!isWhole)}
        >
          {isWhole ? "One of each kind" : `All ${findings.length}`}
        </button>
      )}
      {notes.map((note) => (
        <p key={note} class="aw-faint">
          {note}
        </p>
      ))}
    </details>
  );
}

function firstOfEachKind(findings: Finding[]): Finding[] {
  return findings.filter(
    ({ kind }, at) => findings.findIndex((other) => other.kind === kind) === at,
  );
}
