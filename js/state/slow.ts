import { type Methods, methodOf } from "../frame/method";
import type { Want } from "../frame/want";

/**
 * True where the kernel may compute for a while before it answers.
 *
 * Scores of some methods are read off what was captured; those of the others go through all layers
 * or run the model, and so do paths and predictions.
 */
export function takesLong(methods: Methods, want: Want): boolean {
  const isSlow = ({ method }: { method: string }) => !methodOf(methods, method).is_quick;
  if (want.after && want.after.length > 0) return true;
  switch (want.kind) {
    case "predictions":
    case "knockout":
    case "head_effects":
    case "paths":
    case "findings":
    case "contributions":
      return true;
    case "matrix":
      return isSlow(want) || (want.minus !== null && isSlow(want.minus));
    default:
      return "method" in want && isSlow(want);
  }
}

/** True of what stands beside the picture and nobody waits for. */
export function isBeside(want: Want): boolean {
  return want.kind === "findings" || want.kind === "contributions";
}
