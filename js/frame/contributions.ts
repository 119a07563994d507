import { floatsOf, type RawFrame } from "./bytes";

/** The parts of a logit, which sum to it; see docs/developing/wire-format.md. */
export interface ContributionsFrame {
  kind: "contributions";
  embedding: number;
  bias: number;
  /** One a layer: the feed-forward layer. */
  mlps: number[];
  /** In a model in which not every layer has attention: names for the embedding and the mlps. */
  names?: { below: string; rests: string[] };
  /** The streams on the way to the logits, each with the parts of its heads, layer by layer. */
  streams: { name: string; layers: number[][] }[];
  logit: number;
  /** The position and the token, or what one logit is less another. */
  logitOf: { position: number; text: string };
}

export function decodeContributions(raw: RawFrame): ContributionsFrame {
  const { embedding, bias, logit, streams, logit_of, below, rests } = raw.header;
  const { position, text } = (logit_of ?? {}) as Record<string, unknown>;
  const isWhole = [embedding, bias, logit, position].every((part) => typeof part === "number");
  if (!isWhole || typeof text !== "string" || !Array.isArray(streams)) {
    throw new Error("A contributions frame says of which logit its parts are.");
  }
  return {
    kind: "contributions",
    embedding: embedding as number,
    bias: bias as number,
    mlps: [...floatsOf(raw, "mlps", 1).values],
    streams: streams.map((name, at) => ({
      name: String(name),
      layers: rowsOf(raw, at === 0 ? "heads" : "cross"),
    })),
    ...(Array.isArray(rests) && { names: { below: String(below), rests: rests.map(String) } }),
    logit: logit as number,
    logitOf: { position: position as number, text },
  };
}

function rowsOf(raw: RawFrame, name: string): number[][] {
  const { shape, values } = floatsOf(raw, name, 2);
  const [layers = 0, heads = 0] = shape;
  return Array.from({ length: layers }, (_, layer) => [
    ...values.subarray(layer * heads, (layer + 1) * heads),
  ]);
}
