import type { RowsFrame } from "../frame/rows";
import type { TokenRef } from "./selection";

/** One token's part in a row, or in what a key receives; negative where values have signs. */
export interface Share {
  index: number;
  /** Mean over the frame's heads. */
  mean: number;
  /** By position among the frame's heads. */
  byHead: number[];
}

export interface Ranking {
  /** By falling magnitude of the mean. */
  shares: Share[];
  /** Mean mass of a query's row that its list leaves out: the sum of magnitudes. */
  rest: number;
}

/** The keys a query attends to or, for a key, the queries that attend to it. */
export function rankFor(frame: RowsFrame, token: TokenRef): Ranking {
  return token.side === "query"
    ? keysOfQuery(frame, token.index)
    : queriesOfKey(frame, token.index);
}

/** Mean share of each key over all queries that have a row. */
export function received(frame: RowsFrame): Ranking {
  const keys = frame.received.length / frame.heads;
  const shares = Array.from({ length: keys }, (_, index) => {
    const byHead = Array.from(
      { length: frame.heads },
      (_, head) => frame.received[head * keys + index] ?? 0,
    );
    return { index, byHead, mean: byHead.reduce((a, b) => a + b, 0) / frame.heads };
  });
  return { shares: shares.filter(({ mean }) => mean !== 0).sort(byMagnitude), rest: 0 };
}

function keysOfQuery(frame: RowsFrame, query: number): Ranking {
  const found = new Gathering(frame.heads);
  let rest = 0;
  for (let head = 0; head < frame.heads; head++) {
    const row = head * frame.queries + query;
    rest += (frame.rest[row] ?? 0) / frame.heads;
    found.addRow(frame, row, (at) => frame.indices[at] as number);
  }
  return { shares: found.ranked(), rest };
}

function queriesOfKey(frame: RowsFrame, key: number): Ranking {
  const found = new Gathering(frame.heads);
  for (let row = 0; row < frame.heads * frame.queries; row++) {
    const query = row % frame.queries;
    found.addRow(frame, row, (at) => (frame.indices[at] === key ? query : -1));
  }
  return { shares: found.ranked(), rest: 0 };
}

/** Sums weights by token and head. */
class Gathering {
  readonly #sums = new Map<number, number[]>();
  readonly #heads: number;

  constructor(heads: number) {
    this.#heads = heads;
  }

  /** Adds a row's entries to the tokens `tokenOf` names; -1 leaves an entry out. */
  addRow(frame: RowsFrame, row: number, tokenOf: (at: number) => number): void {
    const head = Math.floor(row / frame.queries);
    for (let at = row * frame.listed; at < (row + 1) * frame.listed; at++) {
      const weight = frame.weights[at] ?? 0;
      if (weight === 0) return;
      const token = tokenOf(at);
      if (token < 0) continue;
      let sums = this.#sums.get(token);
      if (!sums) {
        sums = new Array<number>(this.#heads).fill(0);
        this.#sums.set(token, sums);
      }
      sums[head] = (sums[head] ?? 0) + weight;
    }
  }

  ranked(): Share[] {
    return [...this.#sums]
      .map(([index, byHead]) => {
        return { index, byHead, mean: byHead.reduce((a, b) => a + b, 0) / this.#heads };
      })
      .sort(byMagnitude);
  }
}

function byMagnitude(a: Share, b: Share): number {
  return Math.abs(b.mean) - Math.abs(a.mean) || a.index - b.index;
}
