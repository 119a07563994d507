import { requests } from "../../attnwidget/shared/limits.json";
import { type Methods, methodOf } from "../frame/method";
import type { Want } from "../frame/want";
import { type About, keysOf } from "./about";

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
    case "alternatives":
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

/**
 * True where the kernel reads more weights off what was captured than it does at once.
 *
 * It computes them beside other requests and can be told to stop (frames/visible_rows.py, is_quick).
 */
export function isHeavy(about: About, want: Want): boolean {
  if (want.kind !== "rows" && want.kind !== "thumbnails" && want.kind !== "summary") return false;
  const stream = about.streams.find(({ name }) => name === want.stream);
  if (!stream) return false;
  const heads = (want.kind === "rows" && want.heads?.length) || stream.heads;
  const weights = heads * stream.queries.text.length * keysOf(stream).text.length;
  return weights > requests.quick_weights;
}

/** True of what stands beside the picture and nobody waits for. */
export function isBeside(want: Want): boolean {
  return want.kind === "findings" || want.kind === "contributions";
}
