import { useEffect, useMemo, useState } from "preact/hooks";
import type { HeadEffectsWant } from "../../frame/want";
import type { StreamAbout } from "../../state/about";
import type { Selection } from "../../state/selection";
import { CancelledError, type FrameSource } from "../../state/source";
import { headEffectsWant } from "../../state/wants";
import { reportFailure } from "../common/useFrame";
import { useLatest } from "../common/useLatest";
import { useOnScreen } from "../common/useOnScreen";
import type { Report } from "../view";
import type { EffectWay } from "./coloring";

/** The effects of heads that have come so far, layer by layer. */
export interface HeadEffects {
  /** Exact where they have come, else estimates; undefined where neither has. */
  values: (number[] | undefined)[];
  /** Number of layers whose effects are exact. */
  exact: number;
}

/**
 * The effects of the heads of all layers: estimates, and exact ones where they are asked for.
 *
 * Layers are asked for one after the other. `onCancel` is called when somebody stops them; layers
 * that are done are kept.
 */
export function useHeadEffects(
  source: FrameSource,
  selection: Selection,
  stream: StreamAbout,
  way: EffectWay | null,
  report: Report,
  onCancel: (way: EffectWay) => void,
): HeadEffects | null {
  const [attempt, setAttempt] = useState(0);
  const latest = useLatest({ report, onCancel });
  const wants = useMemo(() => wantsOf(selection, stream, way), [selection, stream, way]);
  const key = wants.map((want) => source.keyOf(want)).join(" ");

  // The keys stand for the wants; a further attempt asks again.
  useEffect(() => {
    const { report, onCancel } = latest.current;
    const missing = wants.filter((want) => !source.peek(want));
    if (missing.length === 0 || !way) return report("ready");
    const controller = new AbortController();
    report("busy");
    const load = async () => {
      for (const want of missing) await source.get(want, controller.signal);
      report("ready");
    };
    load().catch((error: Error) => {
      if (controller.signal.aborted) return;
      if (error instanceof CancelledError) {
        report("ready");
        return onCancel(way);
      }
      reportFailure(report, error, () => setAttempt((count) => count + 1));
    });
    return () => controller.abort();
  }, [source, key, attempt]);

  useOnScreen(source, wants);

  const arrived = source.arrivals.value;
  return useMemo(() => {
    if (!way) return null;
    const layers = Array.from({ length: stream.layers }, (_, layer) => layer);
    const found = (layer: number, isExact: boolean) =>
      source.peek(headEffectsWant(selection, stream, layer, isExact))?.effects;
    const exact = layers.map((layer) => (way === "exact_effect" ? found(layer, true) : undefined));
    return {
      values: layers.map((layer) => exact[layer] ?? found(layer, false)),
      exact: exact.filter((each) => each !== undefined).length,
    };
  }, [source, key, way, arrived]);
}

function wantsOf(
  selection: Selection,
  stream: StreamAbout,
  way: EffectWay | null,
): HeadEffectsWant[] {
  if (!way) return [];
  const layers = Array.from({ length: stream.layers }, (_, layer) => layer);
  const all = (isExact: boolean) =>
    layers.map((layer) => headEffectsWant(selection, stream, layer, isExact));
  return [...all(false), ...(way === "exact_effect" ? all(true) : [])];
}
