import { arrayOf, floatsOf, type RawFrame } from "./bytes";

/** The sublayer that a step goes through. */
export interface PathStep {
  stream: string;
  layer: number;
  /** The model's own number of the layer. Files of 0.1.0 have none. */
  number?: number;
}

/**
 * The origins of the content of one node; see docs/developing/wire-format.md.
 *
 * Level 0 are the inputs; step k leads from level k to level k + 1.
 */
export interface PathsFrame {
  kind: "paths";
  /** Nodes on every level. */
  nodes: number;
  /** Bottom to top; there is one level more. */
  levels: PathStep[];
  /** (levels, nodes), flat, C order: how much of what arrives was at each node. */
  shares: Float32Array;
  /** The strongest edges, strongest first: their step, upper node, lower node and share. */
  steps: Uint16Array;
  uppers: Uint32Array;
  lowers: Uint32Array;
  edges: Float32Array;
  /** (nodes,): what arrives at the inputs. */
  arriving: Float32Array;
  /** The name of the method that is drawn. */
  method: string;
  /** The input whose maximum flow is drawn; null with other methods. */
  sink: number | null;
}

export function decodePaths(raw: RawFrame): PathsFrame {
  const shares = floatsOf(raw, "shares", 2);
  const [rows = 0, nodes = 0] = shares.shape;
  const edges = floatsOf(raw, "edges", 1).values;
  const arriving = floatsOf(raw, "arriving", 1).values;
  const { levels, method, sink } = raw.header as {
    levels?: PathStep[];
    method?: string;
    sink?: number | null;
  };
  if (!Array.isArray(levels) || levels.length !== rows - 1 || method === undefined) {
    throw new Error(
      `A paths frame names its method and the steps between its ${rows} levels; found ${JSON.stringify(method)} and ${levels?.length ?? "no"} steps.`,
    );
  }
  if (arriving.length !== nodes) {
    throw new Error(`"arriving" has ${arriving.length} values, not ${nodes}.`);
  }
  const integers = <T extends Uint16Array | Uint32Array>(
    name: string,
    kind: new (...given: never[]) => T,
  ): T => {
    const { values, dtype } = arrayOf(raw, name, 1);
    if (!(values instanceof kind) || values.length !== edges.length) {
      throw new Error(
        `"${name}" holds ${values.length} values of ${dtype}, not ${edges.length} of ${kind.name}.`,
      );
    }
    return values;
  };
  return {
    kind: "paths",
    nodes,
    levels,
    shares: shares.values,
    steps: integers("steps", Uint16Array),
    uppers: integers("uppers", Uint32Array),
    lowers: integers("lowers", Uint32Array),
    edges,
    arriving,
    method,
    sink: sink ?? null,
  };
}

/** The share at a node. */
export function shareAt(frame: PathsFrame, level: number, index: number): number {
  return frame.shares[level * frame.nodes + index] ?? 0;
}

/** The sum of all shares at a level, which the edges of the step above it carry. */
export function totalAt(frame: PathsFrame, level: number): number {
  let total = 0;
  for (let index = 0; index < frame.nodes; index++) total += shareAt(frame, level, index);
  return total;
}
