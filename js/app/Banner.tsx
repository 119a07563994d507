import type { ReadonlySignal } from "@preact/signals";

interface Props {
  problem: ReadonlySignal<{ message: string; retry?: (() => void) | undefined } | null>;
}

/** The error message, and a way to try again. The picture below stays. */
export function Banner({ problem }: Props) {
  const now = problem.value;
  if (!now) return null;
  return (
    <div class="aw-banner" role="alert">
      <span>{now.message}</span>
      {now.retry && (
        <button type="button" class="aw-button" onClick={now.retry}>
          Retry
        </button>
      )}
    </div>
  );
}
