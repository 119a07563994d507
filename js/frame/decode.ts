import { decodeAlternatives } from "./alternatives";
import { decodeFrame, type RawFrame } from "./bytes";
import { decodeContributions } from "./contributions";
import { decodeFindings } from "./findings";
import { decodeHeadEffects } from "./headEffects";
import { decodeKnockout } from "./knockout";
import { decodeMatrix } from "./matrix";
import { decodeNeuron } from "./neuron";
import { decodePaths } from "./paths";
import { decodePredictions } from "./predictions";
import { decodeRows } from "./rows";
import { decodeStatistics } from "./statistics";
import { decodeSummary } from "./summary";
import { decodeThumbnails } from "./thumbnails";
import { decodeToken } from "./token";
import type { Frame, Want } from "./want";

export interface Decoded {
  /** The request that the frame answers; it identifies the frame. */
  want: Want;
  frame: Frame;
}

const DECODERS: Record<Want["kind"], (raw: RawFrame) => Frame> = {
  rows: decodeRows,
  token: decodeToken,
  summary: decodeSummary,
  thumbnails: decodeThumbnails,
  matrix: decodeMatrix,
  statistics: decodeStatistics,
  predictions: decodePredictions,
  alternatives: decodeAlternatives,
  knockout: decodeKnockout,
  findings: decodeFindings,
  contributions: decodeContributions,
  head_effects: decodeHeadEffects,
  neuron: decodeNeuron,
  paths: decodePaths,
};

/** A frame of any kind from its bytes. */
export function decode(data: DataView | Uint8Array): Decoded {
  const raw = decodeFrame(data);
  const want = raw.header.want as Want | undefined;
  if (!want || !(want.kind in DECODERS)) {
    throw new Error(`A frame of the unknown kind ${String(raw.header.kind)}.`);
  }
  return { want, frame: DECODERS[want.kind](raw) };
}

/** Bytes held by a frame's arrays. */
export function sizeOf(frame: Frame): number {
  let bytes = 0;
  for (const value of Object.values(frame))
    if (ArrayBuffer.isView(value)) bytes += value.byteLength;
  return bytes;
}
