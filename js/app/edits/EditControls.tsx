import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import type { EditAbout } from "../../state/about";
import { type Edit, type Place, refusalAt } from "../../state/edits";
import type { FrameSource } from "../../state/source";
import { Alternatives } from "./Alternatives";
import { TextForm } from "./TextForm";
import type { Editing } from "./useEdits";

/** The form that is open. */
export type Open = "replace" | "text";

interface Props {
  edit: EditAbout;
  /** The token that is pinned; null for none. */
  place: Place | null;
  token: string;
  source: FrameSource;
  open: Open | null;
  setOpen(open: Open | null): void;
  editing: Editing;
  onEdit(edit: Edit): void;
}

/** Masks or replaces the pinned token, or edits the text. */
export function EditControls({
  edit,
  place,
  token,
  source,
  open,
  setOpen,
  editing,
  onEdit,
}: Props) {
  const buttons = useRef<HTMLDivElement>(null);
  const refused = place && refusalAt(edit, place);
  const canReplace = place !== null && refused === null;
  const form = open === "replace" && !canReplace ? null : open;
  const close = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || form === null) return;
    event.preventDefault();
    setOpen(null);
    buttons.current?.querySelector<HTMLElement>(`[name="open_${form}"]`)?.focus();
  };
  const { isBusy, progress, problem } = editing;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes it from any control within.
    <div onKeyDown={close}>
      <div class="aw-cut-buttons" ref={buttons}>
        {canReplace && edit.mask !== null && (
          <button
            type="button"
            class="aw-button"
            name="mask_token"
            disabled={isBusy}
            title={`Put ${edit.mask} in its place`}
            onClick={() => onEdit({ ...place, token: edit.mask ?? "" })}
          >
            Mask ‘{token}’
          </button>
        )}
        {canReplace && (
          <OpenButton name="replace" {...{ form, setOpen }}>
            Replace ‘{token}’…
          </OpenButton>
        )}
        {edit.texts.length > 0 && (
          <OpenButton name="text" {...{ form, setOpen }}>
            Edit text…
          </OpenButton>
        )}
      </div>
      {place === null && (
        <p class="aw-faint">
          Pin a token to {edit.mask === null ? "replace it" : "mask or replace it"}.
        </p>
      )}
      {refused && <p class="aw-faint">{refused}</p>}
      {edit.no_text !== null && <p class="aw-faint">{edit.no_text}</p>}
      {form === "replace" && place && (
        <Alternatives
          key={`${place.stream} ${place.index}`}
          {...{ place, token, source, isBusy }}
          onChoose={(index) => onEdit({ ...place, token: index })}
        />
      )}
      {form === "text" && <TextForm texts={edit.texts} isBusy={isBusy} onRun={onEdit} />}
      {isBusy && (
        <p class="aw-faint" role="status">
          running the model…{" "}
          {progress && (
            <progress aria-label="Progress of the run" value={progress.done} max={progress.total} />
          )}{" "}
          <button type="button" class="aw-link" name="cancel_edit" onClick={editing.cancel}>
            Cancel
          </button>
        </p>
      )}
      {problem !== null && (
        <p class="aw-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

interface OpenButtonProps {
  name: Open;
  form: Open | null;
  setOpen(open: Open | null): void;
  children: ComponentChildren;
}

function OpenButton({ name, form, setOpen, children }: OpenButtonProps) {
  return (
    <button
      type="button"
      class="aw-button"
      name={`open_${name}`}
      aria-expanded={form === name}
      onClick={() => setOpen(form === name ? null : name)}
    >
      {children}
    </button>
  );
}
