import type { Cut } from "../frame/cut";
import type { FrameFor, Want } from "../frame/want";
import type { Run } from "./selection";
import type { FrameSource } from "./source";

/** Kinds of frames that are of the trace as it was captured, whatever run is on the screen. */
const OF_THE_TRACE: readonly Want["kind"][] = ["knockout", "predictions"];

/** Kinds of frames of scores, of which there are differences. */
const OF_SCORES: readonly Want["kind"][] = ["rows", "token", "thumbnails", "matrix", "statistics"];

/** Frames of another run, or of the scores of that run minus those of the run with everything. */
export class RunSource implements FrameSource {
  readonly #source: FrameSource;
  readonly #changed: Cut[] | "other";
  readonly #run: Run;

  constructor(source: FrameSource, changed: Cut[] | "other", run: Run) {
    this.#source = source;
    this.#changed = changed;
    this.#run = run;
  }

  get arrivals() {
    return this.#source.arrivals;
  }

  get answering() {
    return this.#source.answering;
  }

  get progress() {
    return this.#source.progress;
  }

  keyOf(want: Want): string {
    return this.#source.keyOf(this.#after(want));
  }

  peek<W extends Want>(want: W): FrameFor<W> | undefined {
    return this.#source.peek(this.#after(want));
  }

  get<W extends Want>(want: W, signal: AbortSignal): Promise<FrameFor<W>> {
    return this.#source.get(this.#after(want), signal);
  }

  prefetch(): void {
    // The run with everything is what a reader goes back to; nothing of this one is asked ahead.
    this.#source.prefetch([]);
  }

  show(wants: readonly Want[]): () => void {
    return this.#source.show?.(wants.map((want) => this.#after(want))) ?? (() => {});
  }

  lacks(want: Want): boolean {
    return this.#source.lacks?.(this.#after(want)) ?? false;
  }

  cancel(): void {
    this.#source.cancel();
  }

  #after<W extends Want>(want: W): W {
    if (OF_THE_TRACE.includes(want.kind)) return want;
    const after = { ...want, after: this.#changed };
    const isDifference = this.#run === "difference" && OF_SCORES.includes(want.kind);
    return isDifference ? { ...after, difference: true } : after;
  }
}
