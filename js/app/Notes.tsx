/** What was assumed or left out about the input: said before the picture, so that nobody misreads it. */
export function Notes({ notes }: { notes: string[] }) {
  if (notes.length === 0) return null;
  return (
    <ul class="aw-notes" aria-label="Notes on the input">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}
