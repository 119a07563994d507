import { signal } from "@preact/signals";
import { decode } from "../frame/decode";
import { type FrameFor, type Want, wantKey } from "../frame/want";
import type { About } from "./about";
import type { Channel } from "./channel";
import { FrameCache, wholeOf } from "./frameCache";
import { isBeside, isHeavy, takesLong } from "./slow";
import { CancelledError, type FrameSource, type Progress, SilenceError } from "./source";
import { WantsOnScreen } from "./wantsOnScreen";

const BUDGET_BYTES = 64 * 2 ** 20;
const FIRST_TIMEOUT = 10_000;
const LATER_TIMEOUT = 30_000;
/** Requests under way; of them this many at most were not asked for yet. */
const MOST_AT_ONCE = 3;
/** Requests under way that take long; they are counted by themselves, so that others pass them. */
const MOST_SLOW = 2;
const MOST_AHEAD = 2;
/** Prefetching begins when nothing was asked for during this many milliseconds. */
const IDLE_AFTER = 40;

interface Job {
  want: Want;
  keys: string[];
  sent: boolean;
  waiters: number;
  isSlow: boolean;
  /** The kernel can be told to stop. */
  canStop: boolean;
  isBeside: boolean;
  cancel: AbortController;
  done: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Frames from the kernel, kept in a cache.
 *
 * Rows are kept head by head, so any set of heads is put together from what is there and only the
 * missing ones are asked for.
 */
export class KernelSource implements FrameSource {
  readonly arrivals = signal(0);
  readonly answering = signal(true);
  readonly progress = signal<Progress | null>(null);
  readonly #cache: FrameCache;
  readonly #shown = new WantsOnScreen((want) => this.keyOf(want));
  readonly #jobs = new Map<string, Job>();
  #queue: Job[] = [];
  #wished: Want[] = [];
  #active = 0;
  #lastAsked = Number.NEGATIVE_INFINITY;
  readonly #slow = new Set<Job>();
  /** What nobody waits for holds nothing up and is not told of. */
  readonly #beside = new Set<Job>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #about: About;
  readonly #channel: Channel;

  constructor(about: About, channel: Channel, lifetime: AbortSignal, budget = BUDGET_BYTES) {
    this.#about = about;
    this.#channel = channel;
    this.#cache = new FrameCache(budget, (want) => this.keyOf(want));
    lifetime.addEventListener("abort", () => {
      clearTimeout(this.#timer);
      this.#cache.clear();
      this.#queue = [];
      this.#wished = [];
    });
  }

  keyOf(want: Want): string {
    return wantKey(this.#about, want);
  }

  peek<W extends Want>(want: W): FrameFor<W> | undefined {
    return this.#cache.get(want);
  }

  async get<W extends Want>(want: W, signal: AbortSignal): Promise<FrameFor<W>> {
    signal.throwIfAborted();
    const jobs = this.#jobsFor(want);
    if (jobs.length > 0) {
      this.#lastAsked = performance.now();
      this.#prefetchSoon();
    }
    for (const job of jobs) job.waiters += 1;
    if (jobs.some((job) => !job.isBeside)) this.#stopAhead();
    try {
      await untilAborted(Promise.all(jobs.map((job) => job.done)), signal);
    } finally {
      for (const job of jobs) job.waiters -= 1;
      this.#forgetUnwanted(jobs);
    }
    const frame = this.peek(want);
    if (!frame) throw new Error("The kernel answered with another frame than the one asked for.");
    return frame;
  }

  prefetch(wants: Want[]): void {
    this.#wished = wants;
    this.#prefetchSoon();
  }

  show(wants: readonly Want[]): () => void {
    return this.#shown.add(wants);
  }

  /** The frames that are on the screen, as far as they are at hand. */
  shown(): { key: string; bytes: Uint8Array }[] {
    return [...this.#shown.byKey()].flatMap(([key, want]) => {
      const bytes = this.#cache.bytesOf(want);
      return bytes ? [{ key, bytes }] : [];
    });
  }

  cancel(): void {
    this.#wished = [];
    const waiting = this.#queue.filter((job) => job.isSlow);
    this.#queue = this.#queue.filter((job) => !job.isSlow);
    for (const job of waiting) {
      job.reject(new CancelledError("This was cancelled."));
      this.#forget(job);
    }
    for (const job of this.#slow) this.#stop(job);
  }

  /** Keep a frame that came by itself: with a change made in Python, or after its time-out. */
  accept(bytes: DataView): void {
    const { want, frame } = decode(bytes);
    this.#cache.set(want, frame, bytes);
    this.answering.value = true;
    this.arrivals.value += 1;
  }

  /** The jobs that bring what is missing of a want; at most one of them is new. */
  #jobsFor(want: Want): Job[] {
    const running = new Set<Job>();
    const fresh: Want[] = [];
    for (const part of this.#cache.missing(want)) {
      const job = this.#jobs.get(this.keyOf(part));
      if (job) running.add(job);
      else fresh.push(part);
    }
    const whole = fresh.length > 0 ? wholeOf(want, fresh) : null;
    if (whole)
      running.add(
        this.#enqueue(
          whole,
          fresh.map((part) => this.keyOf(part)),
        ),
      );
    return [...running];
  }

  #enqueue(want: Want, keys: string[]): Job {
    const { promise, resolve, reject } = withResolvers();
    promise.catch(() => undefined);
    const isSlow = takesLong(this.#about, want);
    const job: Job = {
      want,
      keys,
      sent: false,
      waiters: 0,
      isSlow,
      canStop: isSlow || isHeavy(this.#about, want),
      isBeside: isBeside(want),
      cancel: new AbortController(),
      done: promise,
      resolve,
      reject,
    };
    for (const key of keys) this.#jobs.set(key, job);
    this.#queue.push(job);
    this.#pump();
    return job;
  }

  /** Sends the newest jobs. */
  #pump(): void {
    for (const job of [...this.#queue].reverse()) {
      if (!this.#hasRoom(job)) continue;
      this.#queue = this.#queue.filter((other) => other !== job);
      this.#send(job);
    }
  }

  #hasRoom(job: Job): boolean {
    if (job.isBeside) return this.#beside.size < MOST_SLOW;
    return job.isSlow ? this.#slow.size < MOST_SLOW : this.#active < MOST_AT_ONCE;
  }

  #prefetchSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#prefetch();
      },
      this.#lastAsked + IDLE_AFTER - performance.now(),
    );
  }

  /** Keeps the line to the kernel busy with what is wished for, unless it computes for long. */
  #prefetch(): void {
    const jobs = [...this.#jobs.values()];
    if (jobs.some((job) => job.waiters > 0 && job.canStop && !job.isBeside)) return;
    while (this.#active < MOST_AHEAD && this.#slow.size === 0 && this.answering.value) {
      const want = this.#wished.shift();
      if (!want) return;
      this.#jobsFor(want);
    }
  }

  async #send(job: Job): Promise<void> {
    job.sent = true;
    if (job.isBeside) this.#beside.add(job);
    else if (job.isSlow) this.#slow.add(job);
    else this.#active += 1;
    try {
      const isPatient = job.canStop || !this.answering.value;
      const bytes = await this.#channel.request(job.want, {
        timeout: isPatient ? LATER_TIMEOUT : FIRST_TIMEOUT,
        cancel: job.cancel.signal,
        onProgress: (progress) => {
          if (job.isSlow && !job.isBeside) this.progress.value = progress;
        },
      });
      this.accept(bytes);
      job.resolve();
    } catch (error) {
      this.answering.value = !(error instanceof SilenceError);
      job.reject(error);
    } finally {
      if (!job.isSlow) this.#active -= 1;
      this.#slow.delete(job);
      this.#beside.delete(job);
      if (this.#slow.size === 0) this.progress.value = null;
      this.#forget(job);
      this.#pump();
      if (this.#timer === undefined) this.#prefetch();
    }
  }

  /** Makes way: what is fetched ahead stops, and is wished for again. */
  #stopAhead(): void {
    for (const job of new Set(this.#jobs.values())) {
      if (job.waiters > 0 || !job.sent || !job.canStop) continue;
      this.#stop(job);
      this.#wished.unshift(job.want);
    }
  }

  /** Drops what is queued and what takes long of the jobs that nobody waits for any more. */
  #forgetUnwanted(left: Job[]): void {
    const unwanted = this.#queue.filter((job) => job.waiters === 0);
    this.#queue = this.#queue.filter((job) => job.waiters > 0);
    for (const job of unwanted) this.#forget(job);
    for (const job of left) if (job.waiters === 0 && job.canStop && job.sent) this.#stop(job);
  }

  #forget(job: Job): void {
    for (const key of job.keys) if (this.#jobs.get(key) === job) this.#jobs.delete(key);
  }

  #stop(job: Job): void {
    this.#forget(job);
    job.cancel.abort();
  }
}

function withResolvers() {
  let resolve: () => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
