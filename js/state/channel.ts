import { isFrame } from "../frame/bytes";
import type { Want } from "../frame/want";
import type { Edit } from "./edits";
import type { WidgetModel } from "./model";
import type { Selection } from "./selection";
import { CancelledError, KernelError, type Progress, SilenceError } from "./source";

/** The background of saved pictures. */
export type Paper = Exclude<Selection["theme"], "auto">;

/** The current view as SVG. */
interface PictureWant {
  kind: "picture";
  theme: Paper;
}

/** The run of some edits, which the kernel makes and keeps. */
interface EditsWant {
  kind: "edits";
  edits: Edit[];
}

/** Options of a request. */
export interface Asking {
  /** Milliseconds without an answer or news of progress after which nobody waits any more. */
  timeout: number;
  onProgress?: (progress: Progress) => void;
  /** Tells the kernel to stop computing. */
  cancel?: AbortSignal;
}

interface Waiting {
  resolve(bytes: DataView): void;
  reject(error: Error): void;
  /** Starts the time-out anew. */
  hear(progress: Progress): void;
}

/** A message of the kernel. */
interface Answer {
  type?: "reply" | "failure" | "progress";
  id?: number;
  error?: { name?: string; message?: string };
  done?: number;
  total?: number;
  what?: string;
  /** The edition of the description that a reply belongs to; the first has none. */
  edition?: number;
}

/** Requests and their answers over the widget's custom messages. */
export class Channel {
  readonly #waiting = new Map<number, Waiting>();
  readonly #model: WidgetModel;
  readonly #lifetime: AbortSignal;
  readonly #onLate: (bytes: DataView) => void;
  readonly #edition: number;
  /** Starts anywhere, so that two pages on one kernel do not take each other's answers. */
  #lastId = Math.floor(Math.random() * 2 ** 31);

  /** `onLate` gets frames that come after their time-out; they are still good. */
  constructor(model: WidgetModel, signal: AbortSignal, onLate: (bytes: DataView) => void) {
    this.#model = model;
    this.#edition = model.get("about")?.edition ?? 0;
    this.#lifetime = signal;
    this.#onLate = onLate;
    const receive = (message: unknown, buffers: DataView[] = []) => this.#receive(message, buffers);
    model.on("msg:custom", receive);
    signal.addEventListener("abort", () => {
      model.off("msg:custom", receive);
      this.#waiting.clear();
    });
  }

  /**
   * Ask for the bytes of a frame or a picture.
   *
   * Rejects with a `SilenceError` when nothing is heard in time, with a `CancelledError` as soon as
   * `cancel` aborts, and with a `KernelError` when the kernel says what went wrong.
   */
  request(
    want: Want | PictureWant | EditsWant,
    { timeout, onProgress, cancel }: Asking,
  ): Promise<DataView> {
    const id = ++this.#lastId;
    const settled = new AbortController();
    return new Promise<DataView>((resolve, reject) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const wait = () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          reject(new SilenceError(`The kernel has not answered for ${timeout / 1000} s.`));
        }, timeout);
      };
      const hear = (progress: Progress) => {
        wait();
        onProgress?.(progress);
      };
      const stop = () => {
        try {
          this.#model.send({ type: "cancel", id });
        } catch {
          // The kernel is gone, and with it what it computed.
        }
        reject(new CancelledError("This was cancelled."));
      };
      const forget = () => {
        clearTimeout(timer);
        this.#waiting.delete(id);
      };
      settled.signal.addEventListener("abort", forget);
      this.#lifetime.addEventListener("abort", forget, { signal: settled.signal });
      cancel?.addEventListener("abort", stop, { signal: settled.signal });
      this.#waiting.set(id, { resolve, reject, hear });
      wait();
      try {
        this.#model.send({ type: "request", id, want });
      } catch {
        // What a notebook throws for a widget of a kernel that was restarted, or of another day.
        reject(new SilenceError("No kernel knows this widget any more: run its cell again."));
      }
    }).finally(() => settled.abort());
  }

  #receive(message: unknown, buffers: DataView[]): void {
    const answer = message as Answer | null;
    const waiting = this.#waiting.get(answer?.id ?? 0);
    switch (answer?.type) {
      case "progress":
        waiting?.hear(progressOf(answer));
        break;
      case "failure":
        waiting?.reject(errorOf(answer));
        break;
      case "reply":
        // What was asked of another description may have the same name and is of another trace.
        if ((answer.edition ?? 0) !== this.#edition) break;
        this.#take(buffers[0], waiting);
    }
  }

  #take(bytes: DataView | undefined, waiting: Waiting | undefined): void {
    if (!bytes) waiting?.reject(new KernelError("The kernel's answer came without its frame."));
    else if (waiting) waiting.resolve(bytes);
    else if (isFrame(bytes)) this.#onLate(bytes);
  }
}

function progressOf({ done = 0, total = 1, what = "" }: Answer): Progress {
  return { what, done: Math.max(0, Math.min(done, total)), total: Math.max(1, total) };
}

/** The errors whose messages are sentences for the reader; all others are faults. */
const SAID_IN_FULL = ["ValueError", "IndexError"];

function errorOf({ error }: Answer): Error {
  const { name = "Error", message = "no reason given" } = error ?? {};
  if (name === "Cancelled") return new CancelledError("This was cancelled.");
  return new KernelError(SAID_IN_FULL.includes(name) ? message : `${name}: ${message}`);
}
