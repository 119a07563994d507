import type { PathStep, PathsFrame } from "../../frame/paths";

type Matrix = number[][];

/** Two steps over three tokens; each row says how a node is mixed from those below. */
export const MATRICES: Matrix[] = [
  [
    [1, 0, 0],
    [0.5, 0.5, 0],
    [0.25, 0.25, 0.5],
  ],
  [
    [1, 0, 0],
    [0.4, 0.6, 0],
    [0.5, 0.1, 0.4],
  ],
];

/** The frame of a node, by the definition: rows multiplied from the top, every edge listed. */
export function pathsOf(
  index: number,
  matrices = MATRICES,
  level = matrices.length,
  levels?: PathStep[],
): PathsFrame {
  const nodes = matrices[0]?.length ?? 0;
  const shares = Array.from({ length: matrices.length + 1 }, () =>
    new Array<number>(nodes).fill(0),
  );
  const edges: [share: number, step: number, upper: number, lower: number][] = [];
  (shares[level] as number[])[index] = 1;
  for (let step = level - 1; step >= 0; step--) {
    (matrices[step] as Matrix).forEach((row, upper) => {
      row.forEach((weight, lower) => {
        const share = (shares[step + 1]?.[upper] ?? 0) * weight;
        (shares[step] as number[])[lower] = (shares[step]?.[lower] ?? 0) + share;
        if (share > 0) edges.push([share, step, upper, lower]);
      });
    });
  }
  edges.sort(([a], [b]) => b - a);
  return {
    kind: "paths",
    nodes,
    levels: levels ?? matrices.map((_, layer) => ({ stream: "self", layer })),
    shares: Float32Array.from(shares.flat()),
    steps: Uint16Array.from(edges, (edge) => edge[1]),
    uppers: Uint32Array.from(edges, (edge) => edge[2]),
    lowers: Uint32Array.from(edges, (edge) => edge[3]),
    edges: Float32Array.from(edges, (edge) => edge[0]),
    arriving: Float32Array.from(shares[0] ?? []),
    method: "rollout",
    sink: null,
  };
}
