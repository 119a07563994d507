import type { RowsWant, Want } from "../frame/want";
import type { WidgetModel } from "../model";
import { KernelError, SilenceError } from "./source";

interface Waiting {
  resolve(bytes: DataView): void;
  reject(error: Error): void;
  timer: ReturnType<typeof setTimeout>;
}

/** Requests and their answers over the widget's custom messages. */
export class Channel {
  readonly #waiting = new Map<number, Waiting>();
  readonly #model: WidgetModel;
  readonly #onLate: (bytes: DataView) => void;
  /** Starts anywhere, so that two pages on one kernel do not take each other's answers. */
  #lastId = Math.floor(Math.random() * 2 ** 31);

  /** `onLate` gets answers that come after their time-out; they are still good frames. */
  constructor(model: WidgetModel, signal: AbortSignal, onLate: (bytes: DataView) => void) {
    this.#model = model;
    this.#onLate = onLate;
    const receive = (message: unknown, buffers: DataView[] = []) => this.#receive(message, buffers);
    model.on("msg:custom", receive);
    signal.addEventListener("abort", () => {
      model.off("msg:custom", receive);
      for (const { timer } of this.#waiting.values()) clearTimeout(timer);
      this.#waiting.clear();
    });
  }

  /** Ask for a frame's bytes; rejects with a `SilenceError` after `timeout` milliseconds. */
  request(want: Want, timeout: number): Promise<DataView> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new SilenceError(`The kernel has not answered for ${timeout / 1000} s.`));
      }, timeout);
      this.#waiting.set(id, { resolve, reject, timer });
      try {
        const { discard_ratio: _ratio, target: _target, ...rest } = want as RowsWant;
        const known = want.kind === "thumbnails" ? { ...rest, fusion: undefined } : rest;
        this.#model.send({ type: "request", id, want: known });
      } catch {
        // What a notebook throws for a widget of a kernel that was restarted, or of another day.
        this.#waiting.delete(id);
        clearTimeout(timer);
        reject(new SilenceError("No kernel knows this widget any more: run its cell again."));
      }
    });
  }

  #receive(message: unknown, buffers: DataView[]): void {
    const answer = message as {
      type?: string;
      id?: number;
      error?: { name?: string; message?: string };
    } | null;
    if (answer?.type !== "reply" && answer?.type !== "failure") return;
    const waiting = this.#waiting.get(answer.id ?? 0);
    if (waiting) {
      this.#waiting.delete(answer.id ?? 0);
      clearTimeout(waiting.timer);
    }
    const bytes = buffers[0];
    if (answer.type === "failure") {
      const { name = "Error", message: text = "no reason given" } = answer.error ?? {};
      waiting?.reject(new KernelError(`${name}: ${text}`));
    } else if (!bytes) {
      waiting?.reject(new KernelError("The kernel's answer came without its frame."));
    } else if (waiting) {
      waiting.resolve(bytes);
    } else {
      this.#onLate(bytes);
    }
  }
}
