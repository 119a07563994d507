import type { ReadonlySignal } from "@preact/signals";
import type { FrameFor, Want } from "../frame/want";

/** The progress of a long computation in the kernel. */
export interface Progress {
  /** The name of the computation, e.g. "max-flow". */
  what: string;
  done: number;
  /** At least 1. */
  total: number;
}

/** Answers "the frame for this want", from the cache, the kernel, or (in an export) the page itself. */
export interface FrameSource {
  /** Two wants have one key exactly when one frame answers both. */
  keyOf(want: Want): string;
  /** The frame if it is at hand, without waiting. */
  peek<W extends Want>(want: W): FrameFor<W> | undefined;
  /**
   * The frame, asked for if need be.
   *
   * Rejects with `KernelError` when the kernel says why there is none, with `SilenceError` when
   * nothing answers in time, with `CancelledError` after `cancel`, and with an `AbortError` when
   * the signal aborts first.
   */
  get<W extends Want>(want: W, signal: AbortSignal): Promise<FrameFor<W>>;
  /** Wants to have at hand soon, most useful first. Replaces what was asked for before. */
  prefetch(wants: Want[]): void;
  /** Keeps in mind that these frames are on the screen until the function it returns is called. */
  show?(wants: readonly Want[]): () => void;
  /** True where this frame will never come, because a file does not hold it. */
  lacks?(want: Want): boolean;
  /** Stops all that takes long. */
  cancel(): void;
  /** Raised whenever a frame has come in; read it to look again at what `peek` has. */
  readonly arrivals: ReadonlySignal<number>;
  /** False from the first unanswered request until something answers again. */
  readonly answering: ReadonlySignal<boolean>;
  /** The last news of the kernel; null while no long computation is under way. */
  readonly progress: ReadonlySignal<Progress | null>;
}

/** An error that the kernel reports. */
export class KernelError extends Error {
  override readonly name = "KernelError";
}

/** Nothing answered in time. */
export class SilenceError extends Error {
  override readonly name = "SilenceError";
}

/** Somebody asked to stop. */
export class CancelledError extends Error {
  override readonly name = "CancelledError";
}

/** A file does not hold what was asked for, and nobody can be asked. */
export class NotIncludedError extends Error {
  override readonly name = "NotIncludedError";
}
