import { useRef } from "preact/hooks";
import { formatNumber } from "../draw/format";
import { fusedNote } from "../draw/methodText";
import { methodOf, usesFusion } from "../frame/method";
import { lackOf } from "../state/about";
import { shownHeads, showsHeads, soloHead, toggleHead } from "../state/heads";
import { likelyWants, previewWants } from "../state/prefetch";
import { summaryWant } from "../state/wants";
import { useMarks } from "../views/common/marks";
import { useFrame } from "../views/common/useFrame";
import type { BesideProps, View } from "../views/view";
import { HeadMark } from "./HeadMark";

/**
 * All heads fused, then every head: click toggles, double-click shows it alone, hover previews.
 *
 * A click chooses the head of a view that shows one at a time. If all heads are fused the chips say so
 * and do nothing.
 */
export function HeadChips({
  about,
  view,
  stream,
  selection,
  hover,
  source,
  actions,
  scheme,
}: BesideProps & { view: View }) {
  const { fusion, layer } = selection;
  const method = methodOf(about, selection.method);
  const { heads: cut } = useMarks();
  const isFused = !showsHeads(about, selection, view);
  const onlyOne = view.heads === "one";
  const heads = shownHeads(about, selection, view);
  const summary = useFrame(source, summaryWant(stream, layer));
  // A double-click begins with a click, whose effect it replaces.
  const beforeClick = useRef(heads);
  const select = (next: number[] | null) => actions.select({ heads: next });
  return (
    <fieldset
      class="aw-chips"
      aria-label="Heads"
      onPointerLeave={() => {
        hover.value = null;
      }}
    >
      {!onlyOne && (
        <button
          type="button"
          class="aw-chip aw-chip-all"
          aria-pressed={heads === null}
          title="All heads fused into one picture"
          onClick={() => select(null)}
        >
          All{usesFusion(method) && ` · ${fusion}`}
        </button>
      )}
      {Array.from({ length: stream.heads }, (_, head) => {
        const entropy = summary?.current ? summary.frame.entropy[head] : undefined;
        const lack = lackOf(stream, "heads", head);
        const sharpness = entropy === undefined ? "" : `; entropy ${formatNumber(entropy)} of 1`;
        return (
          <button
            key={head}
            type="button"
            class="aw-chip"
            data-head={head}
            data-cut={cut.has(head) || undefined}
            aria-pressed={heads?.includes(head) ?? false}
            disabled={isFused || lack !== null}
            aria-label={`Head ${head}${sharpness}${cut.has(head) ? ", cut" : ""}`}
            title={`Head ${head}${sharpness}. ${lack ? `It is ${lack}` : onlyOne ? "Click to see it" : "Click to add or remove, double-click to see it alone"}`}
            onClick={(event) => {
              if (event.detail > 1) return;
              // What was chosen is to be seen, not a preview of one head of it.
              hover.value = null;
              beforeClick.current = heads;
              select(onlyOne ? [head] : toggleHead(heads, head));
            }}
            onDblClick={() => {
              if (!onlyOne) select(soloHead(beforeClick.current, head, stream.heads));
            }}
            onPointerEnter={() => {
              if (isFused || lack) return;
              hover.value = { head, layer };
              source.prefetch([
                ...previewWants(about, selection, stream, head),
                ...likelyWants(about, selection, stream),
              ]);
            }}
          >
            <HeadMark head={head} scheme={scheme.value} entropy={entropy} />
            {head}
          </button>
        );
      })}
      {isFused && <span class="aw-chips-note">{fusedNote(method) ?? view.fusedNote}</span>}
    </fieldset>
  );
}
