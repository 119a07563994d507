const ALIGNMENT = 8;
const MAGIC = "AWF1";

/** Several frames as one: each after its length, both filled up to a multiple of 8. */
export function joinFrames(frames: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const starts: number[] = [];
  let end = 0;
  for (const frame of frames) {
    starts.push(end + ALIGNMENT);
    end += ALIGNMENT + Math.ceil(frame.length / ALIGNMENT) * ALIGNMENT;
  }
  const bytes = new Uint8Array(end);
  const view = new DataView(bytes.buffer);
  frames.forEach((frame, i) => {
    const start = starts[i] as number;
    view.setUint32(start - ALIGNMENT, frame.length, true);
    bytes.set(frame, start);
  });
  return bytes;
}

/** The frames in what may be one by itself, as Python sends it, or several. */
export function splitFrames(bytes: DataView): DataView[] {
  const magic = new Uint8Array(bytes.buffer, bytes.byteOffset, Math.min(4, bytes.byteLength));
  if (String.fromCharCode(...magic) === MAGIC) return [bytes];
  const frames: DataView[] = [];
  let at = 0;
  while (at + ALIGNMENT <= bytes.byteLength) {
    const start = at + ALIGNMENT;
    const length = bytes.getUint32(at, true);
    if (start + length > bytes.byteLength) throw new Error("The saved frames are cut short.");
    frames.push(new DataView(bytes.buffer, bytes.byteOffset + start, length));
    at = start + Math.ceil(length / ALIGNMENT) * ALIGNMENT;
  }
  return frames;
}
