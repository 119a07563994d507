import { signal } from "@preact/signals";
import { decodeFrame, type RawFrame } from "../frame/bytes";
import { decode } from "../frame/decode";
import { methodOf } from "../frame/method";
import {
  type Frame,
  type FrameFor,
  type PathsWant,
  type ScoresWant,
  scoresKey,
  type Want,
  wantKey,
} from "../frame/want";
import type { About } from "../state/about";
import { streamOf } from "../state/clamp";
import { FrameCache } from "../state/frameCache";
import { layerNumber } from "../state/layers";
import { type FrameSource, NotIncludedError, type Progress } from "../state/source";
import { addErrors, hideKeys } from "./hideKeys";
import { matrixFrame } from "./matrix";
import { neuronFrame } from "./neuron";
import { pathsFrame, readStep, type Step } from "./paths";
import { rowsFrame } from "./rows";
import { Scores } from "./scores";
import { thumbnailsFrame } from "./thumbnails";
import { tokenFrame } from "./token";

const BUDGET_BYTES = 64 * 2 ** 20;
/** Frames are made ahead when nothing was asked for during this many milliseconds. */
const IDLE_AFTER = 40;

/** Frames from a file: made of the scores that it holds, or held as they are. */
export class StaticSource implements FrameSource {
  readonly arrivals = signal(0);
  readonly answering = signal(true);
  readonly progress = signal<Progress | null>(null);
  readonly #about: About;
  readonly #scores: Scores;
  readonly #neurons = new Map<string, RawFrame>();
  readonly #steps = new Map<string, Step[]>();
  /** The highest level of the paths that are held, by stream. */
  readonly #tops = new Map<string, number>();
  /** Frames that cannot be made anew; they are never dropped. */
  readonly #held = new FrameCache(Number.POSITIVE_INFINITY, (want) => this.keyOf(want));
  readonly #made = new FrameCache(BUDGET_BYTES, (want) => this.keyOf(want));
  #wished: Want[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #readRest: () => Promise<Uint8Array[]>;
  #completing: Promise<void> | undefined;
  #isComplete = false;

  /** Begins with some frames, and reads the rest when it is asked for what they do not hold. */
  constructor(about: About, frames: Uint8Array[], readRest: () => Promise<Uint8Array[]>) {
    this.#about = about;
    this.#scores = new Scores(about);
    this.#readRest = readRest;
    for (const bytes of frames) this.#add(bytes);
  }

  /** Reads the rest, once. */
  complete(): Promise<void> {
    this.#completing ??= this.#complete();
    return this.#completing;
  }

  async #complete(): Promise<void> {
    for (const bytes of await this.#readRest()) this.#add(bytes);
    this.#isComplete = true;
    this.arrivals.value += 1;
    this.prefetch(this.#wished);
  }

  keyOf(want: Want): string {
    return wantKey(this.#about, want);
  }

  peek<W extends Want>(want: W): FrameFor<W> | undefined {
    const known = this.#held.get(this.#asHeld(want)) ?? this.#made.get(want);
    if (known) return known as FrameFor<W>;
    for (const part of this.#made.missing(want)) {
      const frame = this.#make(part);
      if (!frame) return undefined;
      this.#made.set(part, frame);
    }
    return this.#made.get(want);
  }

  async get<W extends Want>(want: W, signal: AbortSignal): Promise<FrameFor<W>> {
    signal.throwIfAborted();
    let frame = this.peek(want);
    if (!frame) {
      await this.complete();
      signal.throwIfAborted();
      frame = this.peek(want);
    }
    if (!frame)
      throw new NotIncludedError(`${inWords(this.#about, want)} is not included in this file.`);
    return frame;
  }

  lacks(want: Want): boolean {
    return this.#isComplete && this.peek(want) === undefined;
  }

  /** Makes what is wished for while nothing else is to be done. */
  prefetch(wants: Want[]): void {
    this.#wished = [...wants];
    clearTimeout(this.#timer);
    if (this.#isComplete) this.#timer = setTimeout(() => this.#makeAhead(), IDLE_AFTER);
  }

  /** Nothing takes long. */
  cancel(): void {}

  /** Makes one part at a time, so that the page answers in between. */
  #makeAhead(): void {
    let [want] = this.#wished;
    while (want && (this.#held.get(want) || this.#made.missing(want).length === 0)) {
      this.#wished.shift();
      [want] = this.#wished;
    }
    const [part] = want ? this.#made.missing(want) : [];
    if (!part) return;
    const frame = this.#make(part);
    if (frame) this.#made.set(part, frame);
    else this.#wished.shift();
    this.#timer = setTimeout(() => this.#makeAhead());
  }

  #add(bytes: Uint8Array): void {
    const raw = decodeFrame(bytes);
    const wanted = raw.header.want as Record<string, unknown>;
    switch (raw.header.kind) {
      case "scores":
        this.#scores.add(raw);
        break;
      case "neurons":
        this.#neurons.set(JSON.stringify([wanted.stream, wanted.layer, wanted.head]), raw);
        break;
      case "steps": {
        const key = this.#stepsKey(wanted as unknown as PathsWant);
        this.#steps.set(key, [...(this.#steps.get(key) ?? []), readStep(raw)]);
        break;
      }
      default: {
        const { want, frame } = decode(bytes);
        if (frame.kind === "paths" && want.kind === "paths") {
          this.#tops.set(want.stream, frame.levels.length);
        }
        this.#held.set(this.#asHeld(want), frame);
      }
    }
  }

  /** Nodes of the top are held as such, with as many edges as there is room for. */
  #asHeld(want: Want): Want {
    if (want.kind !== "paths") return want;
    const level = want.level === this.#tops.get(want.stream) ? null : want.level;
    return { ...want, level, most: 0 };
  }

  #make(want: Want): Frame | undefined {
    switch (want.kind) {
      case "rows":
        return this.#rows(want);
      case "token":
        return this.#token(want);
      case "matrix":
        return this.#matrix(want);
      case "thumbnails":
        return this.#thumbnails(want);
      case "neuron": {
        const raw = this.#neurons.get(JSON.stringify([want.stream, want.layer, want.head]));
        return raw && neuronFrame(raw, want.query);
      }
      case "paths": {
        const steps = this.#steps.get(this.#stepsKey(want));
        return steps && pathsFrame(steps, want);
      }
      default:
        return undefined;
    }
  }

  #rows(want: Extract<Want, { kind: "rows" }>): Frame | undefined {
    const stream = streamOf(this.#about, want.stream);
    const matrices = this.#scores.get(want, stream.heads);
    const { full_scale, signed } = methodOf(this.#about, want.method);
    return matrices && rowsFrame(hideKeys(matrices, stream, want, signed), want, full_scale);
  }

  #token(want: Extract<Want, { kind: "token" }>): Frame | undefined {
    const stream = streamOf(this.#about, want.stream);
    const matrices = this.#scores.getFused(want, stream.heads);
    const { signed } = methodOf(this.#about, want.method);
    return matrices && tokenFrame(hideKeys(matrices, stream, want, signed), want);
  }

  #thumbnails(want: Extract<Want, { kind: "thumbnails" }>): Frame | undefined {
    // Which heads are held is not known before.
    if (!this.#isComplete) return undefined;
    const stream = streamOf(this.#about, want.stream);
    const { per_head, signed } = methodOf(this.#about, want.method);
    const heads = per_head ? this.#scores.headsOf({ ...want, heads: null }) : null;
    const matrices = this.#scores.get({ ...want, heads }, stream.heads);
    if (!matrices) return undefined;
    const shown = hideKeys(matrices, stream, want, signed);
    return thumbnailsFrame(shown, want.size, heads ? stream.heads : 1, heads ?? [0], signed);
  }

  #matrix(want: Extract<Want, { kind: "matrix" }>): Frame | undefined {
    const stream = streamOf(this.#about, want.stream);
    const one = (term: ScoresWant) => {
      const matrices = this.#scores.getFused(term, stream.heads);
      const { signed } = methodOf(this.#about, term.method);
      return matrices && hideKeys(matrices, stream, want, signed);
    };
    const first = one(want);
    const second = want.minus && one({ ...want, ...want.minus });
    if (!first || second === undefined) return undefined;
    const precise = second
      ? { floors: addErrors(first, second) }
      : { floors: first.floors, hidden: first.hidden, unscaled: first.unscaled };
    second?.values.forEach((value, at) => {
      first.values[at] = (first.values[at] as number) - value;
    });
    return matrixFrame(
      first.values,
      first.queries,
      first.keys,
      want,
      stream.keys === null,
      precise,
    );
  }

  #stepsKey(want: PathsWant): string {
    return JSON.stringify([want.stream, ...scoresKey(this.#about, want, true)]);
  }
}

function inWords(about: About, want: Want): string {
  const number = (stream: string, layer: number) => layerNumber(streamOf(about, stream), layer);
  switch (want.kind) {
    case "neuron":
      return `Head ${want.head} of layer ${number(want.stream, want.layer)}`;
    case "token":
      return `Token ${want.index} in layer ${number(want.stream, want.layer)}`;
    case "paths":
      return "The trace of this token";
    case "knockout":
      return "What these cuts change";
    case "head_effects":
      return "The effect of each head";
    case "predictions":
      return "What the model predicts";
    case "contributions":
      return "What the logit is made of";
    case "findings":
      return "What to look at first";
    default:
      return "layer" in want ? `This of layer ${number(want.stream, want.layer)}` : "This";
  }
}
