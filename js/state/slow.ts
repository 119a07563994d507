import type { Want } from "../frame/want";

/**
 * True where the kernel may compute for a while before it answers.
 *
 * Attention is read off what was captured; every other method goes through all layers or runs the
 * model, and so do paths, which follow rollout where attention is shown.
 */
export function takesLong(want: Want): boolean {
  return (
    want.kind === "predictions" ||
    want.kind === "paths" ||
    ("method" in want && want.method !== "attention")
  );
}
