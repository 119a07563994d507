import type { Signal } from "@preact/signals";
import { formatSetting } from "../draw/format";
import { METHODS, methodName } from "../draw/methodText";
import { isPerHead, usesDiscardRatio, usesFusion, usesTarget } from "../frame/method";
import { type About, NOT_INCLUDED, type StreamAbout } from "../state/about";
import { shownMethod } from "../state/heads";
import type { Fusion, Method, Selection, Target } from "../state/selection";
import type { FrameSource } from "../state/source";
import type { Actions, View } from "../views/view";
import { TargetPicker } from "./target/TargetPicker";

interface Props {
  about: About;
  view: View;
  stream: StreamAbout;
  selection: Selection;
  source: FrameSource;
  actions: Actions;
  picking: Signal<Target["kind"] | null>;
}

const FUSIONS: Fusion[] = ["mean", "max", "min"];

/** The method, how it fuses heads, and the settings it has. */
export function MethodControls(props: Props) {
  const { view, stream, selection, actions } = props;
  const { method } = selection;
  const isFixed = view.attentionOnly !== undefined;
  return (
    <>
      <label class="aw-field" title={view.attentionOnly ?? "What is shown"}>
        <span>Method</span>
        <select
          name="method"
          value={shownMethod(selection, view)}
          disabled={isFixed}
          onChange={(event) => actions.select({ method: event.currentTarget.value as Method })}
        >
          {METHODS.map((each) => {
            const lack = lackOfMethod(each, stream);
            return (
              <option key={each} value={each} disabled={lack !== null}>
                {methodName(each)}
                {lack && ` (${lack})`}
              </option>
            );
          })}
        </select>
      </label>
      <label
        class="aw-field"
        title={usesFusion(method) ? "How heads are fused" : "Relevance fuses heads in its own way"}
      >
        <span>Fusion</span>
        <select
          name="fusion"
          value={selection.fusion}
          disabled={!usesFusion(method)}
          onChange={(event) => {
            const fusion = event.currentTarget.value as Fusion;
            actions.select(isPerHead(method) ? { fusion, heads: null } : { fusion });
          }}
        >
          {FUSIONS.map((fusion) => {
            const isHeld = holdsFusion(stream, method, fusion);
            return (
              <option key={fusion} value={fusion} disabled={!isHeld}>
                {fusion}
                {!isHeld && " (not included)"}
              </option>
            );
          })}
        </select>
      </label>
      {usesDiscardRatio(method) && !isFixed && (
        <label
          class="aw-field"
          title={
            stream.held
              ? `Other shares are ${NOT_INCLUDED}`
              : "Share of the smallest entries that rollout leaves out"
          }
        >
          <span>Discard</span>
          <input
            type="range"
            name="discard_ratio"
            min="0"
            max="0.9"
            step="0.05"
            value={selection.discard_ratio}
            disabled={Boolean(stream.held)}
            onInput={(event) =>
              actions.select({ discard_ratio: Number(event.currentTarget.value) })
            }
          />
          <output class="aw-number">{formatSetting(selection.discard_ratio)}</output>
        </label>
      )}
      {usesTarget(method) && !isFixed && <TargetPicker {...props} />}
    </>
  );
}

/** The reason why a stream cannot be shown by a method, in a few words. */
function lackOfMethod(method: Method, { methods, held }: StreamAbout): string | null {
  if (methods.includes(method)) return null;
  if (held) return "not included";
  return usesTarget(method) ? "needs the model" : "not for this stream";
}

/** Methods through all layers are held with the fusions that were computed; others with every one. */
function holdsFusion({ held }: StreamAbout, method: Method, fusion: Fusion): boolean {
  if (!held || isPerHead(method)) return true;
  return held.methods.some((each) => each.method === method && each.fusion === fusion);
}
