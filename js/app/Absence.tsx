import type { ReadonlySignal } from "@preact/signals";

interface Props {
  /** A sentence on the frame that a file does not hold; null where nothing is missing. */
  absent: ReadonlySignal<string | null>;
}

/** Says calmly what is not there: nobody can be asked for it. */
export function Absence({ absent }: Props) {
  if (absent.value === null) return null;
  return (
    <p class="aw-absence" role="note">
      <b>Not included.</b> {absent.value}
    </p>
  );
}
