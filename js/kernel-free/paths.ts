import { floatsOf, type RawFrame } from "../frame/bytes";
import type { PathStep, PathsFrame } from "../frame/paths";
import type { PathsWant } from "../frame/want";

/** The mixture of the nodes from `first` on out of the nodes below; the others are passed on. */
export interface Step {
  step: PathStep;
  first: number;
  /** (made, nodes), flat, C order. */
  rows: Float32Array;
  made: number;
  nodes: number;
}

interface Edge {
  step: number;
  upper: number;
  lower: number;
  share: number;
}

export function readStep(raw: RawFrame): Step {
  const { shape, values } = floatsOf(raw, "rows", 2);
  const [made = 0, nodes = 0] = shape;
  const { step, first } = raw.header as unknown as Pick<Step, "step" | "first">;
  return { step, first, rows: values, made, nodes };
}

/**
 * The sources of the content of a node, by the steps from the bottom to the top.
 *
 * With a node to go through, an edge carries what flows down to its upper end, times its entry of
 * the step, times the share of that node in its lower end.
 */
export function pathsFrame(steps: Step[], want: PathsWant): PathsFrame {
  const nodes = steps[0]?.nodes ?? 0;
  const start = want.level ?? steps.length;
  const [lowest, through] = want.via ?? [start, want.index];
  const contents = Array.from({ length: start + 1 }, () => new Float32Array(nodes).fill(1));
  if (want.via) fillContents(contents, steps, lowest, through);
  const shares: Float32Array[] = Array.from(
    { length: steps.length + 1 },
    () => new Float32Array(nodes),
  );
  (shares[start] as Float32Array)[want.index] = 1;
  const edges: Edge[] = [];
  for (let place = start - 1; place >= 0; place--) {
    const above = shares[place + 1] as Float32Array;
    if (want.via && place + 1 === lowest) multiply(above, contents[lowest] as Float32Array);
    shares[place] = descend(steps[place] as Step, above, (upper, lower, flow) => {
      const share = flow * ((contents[place] as Float32Array)[lower] as number);
      if (share > 0) edges.push({ step: place, upper, lower, share });
    });
  }
  contents.forEach((gate, level) => {
    multiply(shares[level] as Float32Array, gate);
  });
  edges.sort((a, b) => b.share - a.share);
  edges.length = Math.min(edges.length, want.most);
  const flat = new Float32Array(shares.length * nodes);
  shares.forEach((row, level) => {
    flat.set(row, level * nodes);
  });
  return {
    ...{ kind: "paths", nodes, levels: steps.map(({ step }) => step), shares: flat },
    steps: Uint16Array.from(edges, ({ step }) => step),
    uppers: Uint32Array.from(edges, ({ upper }) => upper),
    lowers: Uint32Array.from(edges, ({ lower }) => lower),
    edges: Float32Array.from(edges, ({ share }) => share),
    arriving: flat.slice(0, nodes),
    ...{ method: want.method, sink: null },
  };
}

/** The shares of the nodes below a step; `onEdge` hears of every edge and its flow. */
function descend(
  { first, made, nodes, rows }: Step,
  above: Float32Array,
  onEdge: (upper: number, lower: number, flow: number) => void,
): Float32Array {
  const below = Float32Array.from(above);
  below.fill(0, first, first + made);
  below.forEach((share, node) => {
    if (share > 0) onEdge(node, node, share);
  });
  for (let row = 0; row < made; row++) {
    const share = above[first + row] as number;
    if (share === 0) continue;
    for (let lower = 0; lower < nodes; lower++) {
      const flow = share * (rows[row * nodes + lower] as number);
      if (flow === 0) continue;
      below[lower] = (below[lower] as number) + flow;
      onEdge(first + row, lower, flow);
    }
  }
  return below;
}

/** The share of a node in each node of its level and above. */
function fillContents(
  contents: Float32Array[],
  steps: Step[],
  lowest: number,
  through: number,
): void {
  (contents[lowest] as Float32Array).fill(0)[through] = 1;
  for (let level = lowest; level + 1 < contents.length; level++) {
    const { first, made, nodes, rows } = steps[level] as Step;
    const below = contents[level] as Float32Array;
    const above = Float32Array.from(below);
    for (let row = 0; row < made; row++) {
      let share = 0;
      for (let lower = 0; lower < nodes; lower++) {
        share += (rows[row * nodes + lower] as number) * (below[lower] as number);
      }
      above[first + row] = share;
    }
    contents[level + 1] = above;
  }
}

function multiply(values: Float32Array, factors: Float32Array): void {
  for (let i = 0; i < values.length; i++) {
    values[i] = (values[i] as number) * (factors[i] as number);
  }
}
