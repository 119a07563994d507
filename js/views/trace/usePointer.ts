import type { RefObject } from "preact";
import { useState } from "preact/hooks";
import type { NodeRef } from "../../state/selection";
import { useLateFocus } from "../common/rovingFocus";
import type { Actions } from "../view";
import { changeFor, startAt, type Traced } from "./choose";
import type { EdgesCanvas } from "./edgesCanvas";
import { neighbourOf, nodeOf, revealNode } from "./keyboard";
import type { Layout } from "./layout";
import type { HoverTarget } from "./scene";

/** The thing under the pointer, and the pointer's place in the view. */
export interface Tip {
  target: HoverTarget;
  x: number;
  y: number;
  room: number;
}

interface Given {
  viewport: RefObject<HTMLElement | null>;
  edges: EdgesCanvas | null;
  layout: Layout;
  traced: Traced;
  actions: Actions;
}

/** Pointer, focus and keys on nodes and edges. */
export function usePointer({ viewport, edges, layout, traced, actions }: Given) {
  const [tip, setTip] = useState<Tip | null>(null);
  const [focused, setFocused] = useState<NodeRef | null>(null);
  const focus = useLateFocus<NodeRef>(
    viewport,
    ({ level, index }) => `[data-level="${level}"][data-index="${index}"]`,
  );

  const targetOf = (event: MouseEvent): HoverTarget | null => {
    const node = nodeOf(event.target);
    return node ? { node } : (edges?.targetAt(event.clientX, event.clientY) ?? null);
  };
  const point = (target: HoverTarget | null, at?: { x: number; y: number }) => {
    edges?.point(target);
    const box = viewport.current?.parentElement?.getBoundingClientRect();
    if (!target || !at || !box) return setTip(null);
    setTip({ target, x: at.x - box.left, y: at.y - box.top, room: box.width });
  };
  const choose = (node: NodeRef) => {
    setTip(null);
    actions.select(changeFor(node, traced));
  };
  const start = (node: NodeRef) => {
    if (node.level > 0) actions.select(startAt(node));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const node = nodeOf(event.target);
    if (node && (event.key === "Enter" || event.key === " ")) {
      if (event.shiftKey) start(node);
      else choose(node);
    } else {
      const from = focus.pending() ?? node;
      const next = from && neighbourOf(from, event.key, layout);
      if (!next || !viewport.current) return;
      revealNode(viewport.current, layout, next);
      setFocused(next);
      focus.now(next);
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const handlers = {
    onPointerMove: (event: PointerEvent) =>
      point(targetOf(event), { x: event.clientX, y: event.clientY }),
    onPointerLeave: () => point(null),
    onFocusIn: (event: FocusEvent) => {
      const node = nodeOf(event.target);
      if (!node || !(event.target as Element).matches(":focus-visible")) return;
      const { left, bottom } = (event.target as Element).getBoundingClientRect();
      point({ node }, { x: left, y: bottom - 8 });
    },
    onFocusOut: () => point(null),
    onClick: (event: MouseEvent) => {
      const target = targetOf(event);
      // A double-click begins with a click, whose effect it replaces.
      if (target && "node" in target && event.detail < 2) choose(target.node);
    },
    onDblClick: (event: MouseEvent) => {
      const target = targetOf(event);
      if (target && "node" in target) start(target.node);
    },
    onKeyDown,
  };
  return { handlers, tip, focused };
}
