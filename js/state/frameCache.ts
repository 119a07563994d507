import { sizeOf } from "../frame/decode";
import { encodeRows } from "../frame/encode";
import { joinHeads, type RowsFrame, splitHeads } from "../frame/rows";
import type { Frame, FrameFor, Want } from "../frame/want";
import { Cache } from "./cache";

/**
 * Frames by their wants, within a budget of bytes.
 *
 * Rows are kept head by head, so any set of heads is put together from what is there.
 */
export class FrameCache {
  readonly #cache: Cache<Frame>;
  /** Most arrays of a frame are views of its bytes, so these take little room beside them. */
  readonly #bytes = new WeakMap<Frame, DataView>();
  #joined: { key: string; parts: RowsFrame[]; frame: RowsFrame } | undefined;

  readonly #keyOf: (want: Want) => string;

  constructor(budget: number, keyOf: (want: Want) => string) {
    this.#cache = new Cache(budget);
    this.#keyOf = keyOf;
  }

  get<W extends Want>(want: W): FrameFor<W> | undefined {
    if (want.kind !== "rows" || want.heads === null) {
      return this.#cache.get(this.#keyOf(want)) as FrameFor<W> | undefined;
    }
    const parts: RowsFrame[] = [];
    for (const part of partsOf(want)) {
      const frame = this.#cache.get(this.#keyOf(part));
      if (frame?.kind !== "rows") return undefined;
      parts.push(frame);
    }
    return this.#join(this.#keyOf(want), parts) as FrameFor<W>;
  }

  /** Keeps a frame; of rows, whose heads are kept one by one, the bytes can be made again. */
  set(want: Want, frame: Frame, bytes?: DataView): void {
    if (frame.kind !== "rows" || want.kind !== "rows" || want.heads === null) {
      this.#cache.set(this.#keyOf(want), frame, sizeOf(frame));
      if (bytes && frame.kind !== "rows") this.#bytes.set(frame, bytes);
      return;
    }
    const parts = partsOf(want);
    splitHeads(frame).forEach((head, i) => {
      const part = parts[i];
      if (part) this.#cache.set(this.#keyOf(part), head, sizeOf(head));
    });
  }

  /** A frame's bytes as they came. */
  bytesOf(want: Want): Uint8Array | undefined {
    const frame = this.get(want);
    if (frame?.kind === "rows" && want.kind === "rows") return encodeRows(want, frame);
    const bytes = frame && this.#bytes.get(frame);
    return bytes && new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The parts of a want that are not there; looking counts as use, so that the others stay. */
  missing(want: Want): Want[] {
    return partsOf(want).filter((part) => !this.#cache.get(this.#keyOf(part)));
  }

  clear(): void {
    this.#cache.clear();
    this.#joined = undefined;
  }

  #join(key: string, parts: RowsFrame[]): RowsFrame {
    const known = this.#joined;
    if (known?.key === key && known.parts.every((part, i) => part === parts[i])) return known.frame;
    const frame = joinHeads(parts);
    this.#joined = { key, parts, frame };
    return frame;
  }
}

/** A want head by head; anything but rows of named heads is one part. */
function partsOf(want: Want): Want[] {
  if (want.kind !== "rows" || want.heads === null) return [want];
  return want.heads.map((head) => ({ ...want, heads: [head] }));
}

/** One want for several parts of another. */
export function wholeOf(want: Want, parts: Want[]): Want {
  if (want.kind !== "rows" || want.heads === null) return want;
  return {
    ...want,
    heads: parts.flatMap((part) => (part.kind === "rows" ? part.heads : null) ?? []),
  };
}
