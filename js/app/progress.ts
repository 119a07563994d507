import { signal } from "@preact/signals";
import type { Report } from "../views/view";

/** What the root says of the view: data-state, data-revision, the status line, the error. */
export function createProgress() {
  const state = signal<"ready" | "busy" | "error">("busy");
  const revision = signal(0);
  const note = signal("");
  const problem = signal<{ message: string; retry?: (() => void) | undefined } | null>(null);
  /** How to go on with what somebody stopped. */
  const stopped = signal<(() => void) | null>(null);
  const report: Report = (next, text, retry) => {
    state.value = next === "cancelled" ? "ready" : next;
    stopped.value = next === "cancelled" ? (retry ?? null) : null;
    problem.value = next === "error" ? { message: text ?? "Something went wrong.", retry } : null;
    if (next !== "ready") return;
    if (text !== undefined) note.value = text;
    revision.value += 1;
  };
  return { state, revision, note, problem, stopped, report };
}

export type Progress = ReturnType<typeof createProgress>;
