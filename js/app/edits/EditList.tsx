import { type Edit, withoutEdit } from "../../state/edits";

interface Props {
  /** In words. */
  words: string[];
  edits: Edit[];
  /** Absent where nothing can be undone: in a file. */
  onUndo?: ((edits: Edit[]) => void) | undefined;
}

/** What is edited, each to be undone. */
export function EditList({ words, edits, onUndo }: Props) {
  return (
    <>
      <ul class="aw-cut-list" aria-label="What is edited">
        {words.map((text, place) => (
          <li key={text}>
            <span dir="auto">{text}</span>
            {onUndo && (
              <button
                type="button"
                aria-label={`Undo: ${text}`}
                title="Undo this edit"
                onClick={() => onUndo(withoutEdit(edits, place))}
              >
                ×
              </button>
            )}
          </li>
        ))}
      </ul>
      {onUndo && words.length > 1 && (
        <button type="button" class="aw-button" name="undo_edits" onClick={() => onUndo([])}>
          Undo all
        </button>
      )}
    </>
  );
}
