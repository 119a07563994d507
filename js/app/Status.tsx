import type { FrameSource } from "../state/source";
import type { Progress } from "./progress";

/** One quiet line under the picture: what is drawn, what is being computed, who does not answer. */
export function Status({ progress, source }: { progress: Progress; source: FrameSource }) {
  const isBusy = progress.state.value === "busy";
  return (
    <p class="aw-status" aria-live="polite">
      <span class="aw-note">{progress.note}</span>
      {isBusy && <span class="aw-computing">computing attention…</span>}
      {!source.answering.value && <span>no kernel answers; this is the saved picture</span>}
    </p>
  );
}
