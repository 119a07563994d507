import { memo } from "preact/compat";
import { visibleText } from "../../draw/tokenText";
import type { NodeRef } from "../../state/selection";
import { useMarks } from "../common/marks";
import { useWritten } from "../common/useWritten";
import type { Layout } from "./layout";
import { NodeButton } from "./NodeButton";
import type { Nodes } from "./nodes";
import type { NodeWindow } from "./useSight";
import { WrittenRules } from "./WrittenRules";

interface Props {
  side: "top" | "bottom";
  level: number;
  layout: Layout;
  nodes: Nodes;
  window: NodeWindow;
  pressed: NodeRef[];
  tabStop: NodeRef | null;
  describe(node: NodeRef): string;
}

/** The tokens of the highest or the lowest level, by name. */
export const Labels = memo(function Labels(props: Props) {
  const { side, level, layout, nodes, window } = props;
  const { keys: cut } = useMarks();
  const written = useWritten(nodes.tokens);
  const special = new Set(nodes.tokens.special);
  return (
    <>
      {layout.shown.slice(window.first, window.end).map((index, at) => {
        const center = layout.centers[window.first + at] as number;
        return (
          <NodeButton
            key={index}
            {...props}
            node={{ level, index }}
            isCut={cut.has(index)}
            isWritten={written.has(index)}
            class={`aw-trace-label${special.has(index) ? " aw-token-special" : ""}`}
            style={labelStyle(layout, center, side)}
          >
            <span>{visibleText(nodes.tokens.text[index] ?? "")}</span>
          </NodeButton>
        );
      })}
      <WrittenRules {...{ side, layout, window }} tokens={nodes.tokens} />
    </>
  );
});

function labelStyle(
  { aslant, labelRoom, width }: Layout,
  center: number,
  side: "top" | "bottom",
): Record<string, string> {
  const maxWidth = `${labelRoom}px`;
  if (!aslant) return { left: `${center}px`, maxWidth };
  return side === "top"
    ? { left: `${center - 7}px`, maxWidth }
    : { right: `${width - center - 7}px`, maxWidth };
}
