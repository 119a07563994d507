import type { About } from "../state/about";
import type { Traits } from "../state/model";
import type { Selection } from "../state/selection";
import { crc32 } from "./crc32";

const VERSION = 1;
const ALIGNMENT = 8;

/** The header of a file; see docs/developing/exported-files.md. */
export interface Page {
  version: number;
  title: string;
  about: About;
  selection: Selection;
  importance: Traits["head_importance"];
  /** The checksum of the frames that are apart from the first; null: there are none. */
  rest: number | null;
}

/** The file is not as it was written. */
export class DamagedError extends Error {
  override readonly name = "DamagedError";
}

/**
 * Read the blocks of a text: of a page's first its description and its first frames.
 *
 * @throws {DamagedError} when it is cut short or changed.
 */
export async function readBlocks(text: string, checksum: number): Promise<Uint8Array[]> {
  const bytes = bytesOf(text);
  if (crc32(bytes) !== checksum) throw new DamagedError("Its checksum is not the one it states.");
  return blocksOf(await inflate(bytes));
}

/** @throws {DamagedError} when it is another version's. */
export function readPage(block: Uint8Array | undefined): Page {
  const page = JSON.parse(new TextDecoder().decode(block)) as Page;
  if (page.version !== VERSION) {
    throw new DamagedError(`It is of version ${page.version}, not ${VERSION}.`);
  }
  return page;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  let binary: string;
  try {
    binary = atob(base64);
  } catch {
    throw new DamagedError("Its data are cut short or changed.");
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new DecompressionStream("deflate-raw");
  const writer = stream.writable.getWriter();
  const written = writer.write(bytes).then(() => writer.close());
  // Read piece by piece it comes faster than as a response, which the browser's other work delays.
  const pieces: Uint8Array[] = [];
  const reader = stream.readable.getReader();
  for (let read = await reader.read(); read.value; read = await reader.read()) {
    pieces.push(read.value);
  }
  await written;
  return joined(pieces);
}

function joined(pieces: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** Texts and frames, each after its length. */
function blocksOf(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer);
  const blocks: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    const start = at + ALIGNMENT;
    const length = view.getUint32(at, true);
    blocks.push(bytes.subarray(start, start + length));
    at = start + Math.ceil(length / ALIGNMENT) * ALIGNMENT;
  }
  return blocks;
}
