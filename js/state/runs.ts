import { ofDifferences } from "../frame/method";
import { type About, keysOf, type StreamAbout } from "./about";
import type { Run, Selection } from "./selection";

/** The run on the screen: there may be one alone, and some views show no differences. */
export function runOf(about: About, { cuts, run, view }: Selection): Run {
  if (about.views || (cuts.length === 0 && !about.compared)) return "before";
  return run === "difference" && about.one_run_views?.includes(view) ? "after" : run;
}

/** The description of a run: its tokens, and its methods as they describe its scores. */
export function aboutOfRun(about: About, run: Run): About {
  if (run === "before") return about;
  const described = { ...about, ...about.runs?.[run] };
  if (run === "after") return described;
  return { ...described, methods: ofDifferences(about.methods) };
}

/** True where two descriptions have the same tokens in all streams. */
export function hasSameTokens(one: About, other: About): boolean {
  const texts = (stream: StreamAbout) => [stream.queries.text, keysOf(stream).text];
  return JSON.stringify(one.streams.map(texts)) === JSON.stringify(other.streams.map(texts));
}
