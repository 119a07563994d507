import type { RawFrame } from "./bytes";

/** The change of the target without each head of a layer; see docs/developing/wire-format.md. */
export interface HeadEffectsFrame {
  kind: "head_effects";
  effects: number[];
}

export function decodeHeadEffects({ header }: RawFrame): HeadEffectsFrame {
  const { effects } = header;
  if (!Array.isArray(effects) || !effects.every((each) => typeof each === "number")) {
    throw new Error("A head_effects frame lists one number for each head.");
  }
  return { kind: "head_effects", effects };
}
