import type { StreamAbout } from "../../state/about";
import type { Selection } from "../../state/selection";

/** The ways in which the effect of a head is found. */
export type EffectWay = "effect" | "exact_effect";

export type Coloring = Selection["head_colors"];

export function isEffect(coloring: Coloring | undefined): coloring is EffectWay {
  return coloring === "effect" || coloring === "exact_effect";
}

/**
 * What colours the heads, as far as it is there.
 *
 * A file may hold the estimates and not the exact effects, and importance is seldom known. Selections
 * of 0.1.0 name no colours.
 */
export function coloringOf(
  { head_colors = "importance" }: Partial<Pick<Selection, "head_colors">>,
  { head_effects = [] }: StreamAbout,
  hasImportance: boolean,
): Coloring {
  if (isEffect(head_colors)) {
    if (head_effects.includes(head_colors)) return head_colors;
    return head_effects.includes("effect") ? "effect" : "weight";
  }
  return head_colors === "importance" && !hasImportance ? "weight" : head_colors;
}
