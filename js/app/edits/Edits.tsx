import { useEffect, useRef, useState } from "preact/hooks";
import { visibleText } from "../../draw/tokenText";
import type { KnockoutWant } from "../../frame/want";
import type { EditAbout } from "../../state/about";
import { editsOf, editsOnScreen, placeToEdit, withEdit } from "../../state/edits";
import { runOf } from "../../state/runs";
import type { Target } from "../../state/selection";
import type { Session } from "../../state/session";
import type { FrameSource } from "../../state/source";
import type { BesideProps } from "../../views/view";
import type { Kept } from "../App";
import { Change } from "../cuts/Change";
import { RunChoice, type RunNames } from "../cuts/RunChoice";
import { useChange } from "../cuts/useChange";
import { EditControls, type Open } from "./EditControls";
import { EditList } from "./EditList";
import { useEdits } from "./useEdits";

interface Props extends BesideProps {
  session: Session;
  /** The frames of the run on the screen. */
  onScreen: FrameSource;
  kept: Kept;
}

const RUNS: RunNames = { before: "as captured", after: "as edited", difference: "the difference" };

/** Lets the model read something else, and shows what it predicts then. */
export function Edits({ session, onScreen, kept, ...props }: Props) {
  const { about, selection, stream, source, actions } = props;
  const [open, setOpen] = useState<Open | null>(null);
  const section = useRef<HTMLElement>(null);
  const editing = useEdits(session.edit, actions, kept);
  const { target } = selection as typeof selection & { target?: Target | null };
  const words = about.edits ?? [];
  const want: KnockoutWant | null =
    words.length > 0 && (about.predicts === true || about.views)
      ? { kind: "knockout", cuts: [], target: target ?? null }
      : null;
  const { shown, problem, isAbsent } = useChange(source, want);
  // Where the run of an edit takes the place of a trace, the reader goes on here.
  useEffect(() => {
    if (!kept.isEditing) return;
    kept.isEditing = false;
    const goesOn = '[name="run"]:checked, .aw-cut-buttons button';
    section.current?.querySelector<HTMLElement>(goesOn)?.focus({ preventScroll: true });
  }, []);

  const place = placeToEdit(selection.tokens_selected, stream);
  const reason = reasonWhyNot(about, place !== null);
  if (words.length === 0 && reason === "") return null;
  const base = editsOnScreen(about, selection);
  const isOriginal = words.length > 0 && !about.views && runOf(about, selection) === "before";
  return (
    <section class="aw-cuts aw-edits" aria-label="Edits" ref={section}>
      <div class="aw-cuts-what">
        <h3>What if it read something else?</h3>
        {words.length > 0 && (
          <EditList
            words={words.map(visibleText)}
            edits={editsOf(selection)}
            onUndo={about.views ? undefined : editing.run}
          />
        )}
        {words.length > 0 && !about.views && (
          <RunChoice {...{ about, selection, actions }} names={RUNS} />
        )}
        {reason && <p class="aw-faint">{reason}</p>}
        {reason === null && (
          <EditControls
            edit={about.edit as EditAbout}
            {...{ place, open, setOpen, editing }}
            token={tokenAt(props, place)}
            source={onScreen}
            onEdit={(edit) => editing.run(withEdit(base, edit))}
          />
        )}
        {isOriginal && reason === null && (
          <p class="aw-faint">An edit starts from what is on the screen, which is the original.</p>
        )}
      </div>
      {want && !isAbsent && (
        <div class="aw-cut-change">
          <Change {...{ selection, source, about, shown, problem }} />
        </div>
      )}
    </section>
  );
}

/** Why nothing can be edited; "" where nobody asks, null where it can. */
function reasonWhyNot(about: Props["about"], isPinned: boolean): string | null {
  if (about.views) {
    return about.edits ? "Other edits need the model, which is not in this file." : "";
  }
  if (about.edit) return null;
  if (about.edits) return "To edit further, show one of the two runs.";
  if (about.edit === undefined || about.compared || !isPinned) return "";
  return "To mask or replace a token, the model has to run again, and it is not here.";
}

function tokenAt({ stream, about }: Props | BesideProps, place: ReturnType<typeof placeToEdit>) {
  if (!place) return "";
  const own = about.streams.find(({ name }) => name === place.stream) ?? stream;
  return visibleText((own.keys ?? own.queries).text[place.index] ?? "");
}
