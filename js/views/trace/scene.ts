import type { Span } from "../../draw/curve";
import type { Scheme } from "../../draw/palette";
import type { MethodRow } from "../../frame/method";
import type { PathsFrame } from "../../frame/paths";
import type { NodeRef } from "../../state/selection";
import type { Edges } from "./edges";
import { type Layout, levelY, nodeX } from "./layout";
import type { Nodes } from "./nodes";

/** All that the drawing depends on, apart from pointer and scroll position. */
export interface Scene {
  frame: PathsFrame;
  /** The method that the frame follows. */
  method: MethodRow;
  nodes: Nodes;
  layout: Layout;
  edges: Edges;
  /** The node whose content is followed. */
  traced: NodeRef;
  via: NodeRef | null;
  /** The whole that shares are parts of: the largest total of a level. */
  total: number;
  scheme: Scheme;
}

/** The thing under the pointer: a node, or an edge by its place in the frame. */
export type HoverTarget = { node: NodeRef } | { edge: number };

export const sameNode = (a: NodeRef | null, b: NodeRef | null) =>
  a?.level === b?.level && a?.index === b?.index;

/** Both ends of an edge: the node it leads into and the one it comes from. */
export function endsOf(frame: PathsFrame, edge: number): { upper: NodeRef; lower: NodeRef } {
  const level = frame.steps[edge] as number;
  return {
    upper: { level: level + 1, index: frame.uppers[edge] as number },
    lower: { level, index: frame.lowers[edge] as number },
  };
}

/** Between which heights the edges of a step run. */
export function spanOf(layout: Layout, step: number): Span {
  return { left: levelY(layout, step + 1), right: levelY(layout, step) };
}

/** The horizontal places of an edge's ends; null where one of its nodes is hidden. */
export function edgeX({ frame, layout }: Scene, edge: number): [number, number] | null {
  const from = nodeX(layout, frame.uppers[edge] as number);
  const to = nodeX(layout, frame.lowers[edge] as number);
  return from === null || to === null ? null : [from, to];
}
