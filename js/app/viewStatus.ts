import { computed, type Signal, signal } from "@preact/signals";
import type { Report } from "../views/view";

/**
 * The status of the view on the root: data-state, data-revision, the status line, the error.
 *
 * The revision goes on counting where another trace takes the place of one.
 */
export function createViewStatus(revision: Signal<number>) {
  const state = signal<"ready" | "busy" | "error">("busy");
  const first = revision.peek();
  const note = signal("");
  const problem = signal<{ message: string; retry?: (() => void) | undefined } | null>(null);
  /** Goes on with a computation that somebody stopped. */
  const stopped = signal<(() => void) | null>(null);
  /** A sentence on the frame that a file does not hold. */
  const absent = signal<string | null>(null);
  const report: Report = (next, text, retry) => {
    state.value = next === "cancelled" || next === "absent" ? "ready" : next;
    absent.value = next === "absent" ? (text ?? "") : null;
    stopped.value = next === "cancelled" ? (retry ?? null) : null;
    problem.value = next === "error" ? { message: text ?? "Something went wrong.", retry } : null;
    if (next !== "ready" && next !== "absent") return;
    if (next === "absent") note.value = "";
    else if (text !== undefined) note.value = text;
    revision.value += 1;
  };
  /** Whether there is a picture. */
  const isDrawn = computed(() => revision.value > first);
  return { state, revision, note, problem, stopped, absent, isDrawn, report };
}

export type ViewStatus = ReturnType<typeof createViewStatus>;
