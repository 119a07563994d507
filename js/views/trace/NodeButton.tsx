import type { ComponentChildren } from "preact";
import type { NodeRef } from "../../state/selection";
import type { Nodes } from "./nodes";
import { sameNode } from "./scene";

interface Props {
  node: NodeRef;
  nodes: Nodes;
  pressed: NodeRef[];
  tabStop: NodeRef | null;
  describe(node: NodeRef): string;
  class: string;
  style: Record<string, string>;
  isCut?: boolean;
  isWritten?: boolean;
  children?: ComponentChildren;
}

/** A node as a toggle button; what it does is for the picture around it to say. */
export function NodeButton({ node, nodes, pressed, tabStop, describe, children, ...rest }: Props) {
  const { isCut, isWritten, class: name, style } = rest;
  const { level, index } = node;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a thousand real buttons would each bring a browser's own styling and layout.
    <div
      class={name}
      style={style}
      role="button"
      tabIndex={sameNode(node, tabStop) ? 0 : -1}
      data-side={nodes.split !== null && index >= nodes.split ? "key" : "query"}
      data-level={level}
      data-index={index}
      data-cut={isCut || undefined}
      data-written={isWritten || undefined}
      aria-pressed={pressed.some((other) => sameNode(node, other))}
      aria-label={describe(node)}
    >
      {children}
    </div>
  );
}
