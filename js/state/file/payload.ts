import type { Traits } from "../../model";
import type { About } from "../about";
import type { Selection } from "../selection";
import { crc32 } from "./crc32";

const VERSION = 1;
const ALIGNMENT = 8;

/** What a file says of itself; see docs/internals.md. */
export interface Page {
  version: number;
  title: string;
  about: About;
  selection: Selection;
  importance: Traits["head_importance"];
}

/** The file is not as it was written. */
export class DamagedError extends Error {
  override readonly name = "DamagedError";
}

/**
 * Read what is embedded in a page.
 *
 * @throws {DamagedError} when it is cut short or changed.
 */
export async function readPayload(
  text: string,
  checksum: number,
): Promise<{ page: Page; frames: Uint8Array[] }> {
  const bytes = bytesOf(text);
  if (crc32(bytes) !== checksum) throw new DamagedError("Its checksum is not the one it states.");
  const [first, ...frames] = blocksOf(await inflate(bytes));
  const page = JSON.parse(new TextDecoder().decode(first)) as Page;
  if (page.version !== VERSION) {
    throw new DamagedError(`It is of version ${page.version}, not ${VERSION}.`);
  }
  return { page, frames };
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
  const [inflated] = await Promise.all([new Response(stream.readable).arrayBuffer(), written]);
  return new Uint8Array(inflated);
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
