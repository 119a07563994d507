import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { expect, it, vi } from "vitest";
import type { Frame, Want } from "../frame/want";
import { type FrameSource, SilenceError } from "../state/source";
import { DEFAULT_SELECTION } from "../state/testing";
import { props, readySource, show, usePage } from "./common/testing";
import { viewOf } from "./registry";
import type { ViewProps } from "./view";

usePage();

/** A kernel that lets the first requests run out of time, and answers them late. */
function lateSource() {
  const ready = readySource();
  const known = new Map<string, Frame>();
  const arrivals = signal(0);
  const unanswered: Want[] = [];
  let isSilent = true;
  const bring = (want: Want) => {
    known.set(ready.keyOf(want), ready.peek(want) as Frame);
    arrivals.value += 1;
  };
  const get = async (want: Want) => {
    if (isSilent) {
      unanswered.push(want);
      throw new SilenceError("The kernel has not answered for 10 s.");
    }
    bring(want);
    return known.get(ready.keyOf(want));
  };
  const peek = (want: Want) => known.get(ready.keyOf(want));
  const source = { ...ready, arrivals, get, peek } as unknown as FrameSource;
  const answerFirst = () => {
    isSilent = false;
    bring(unanswered[0] as Want);
  };
  return { source, answerFirst };
}

it.each<[string, ComponentType<ViewProps>]>([
  ["the model view", viewOf("model").Component],
  ["rollout by layer", viewOf("matrix").Component],
])("%s goes on with its layers when the first of them comes late", async (_, View) => {
  const { source, answerFirst } = lateSource();
  const selection = { ...DEFAULT_SELECTION, matrix_mode: "evolution" } as const;
  const given = { ...props({ source, selection }), report: vi.fn() };
  await show(View, given);
  await vi.waitFor(() => expect(given.report.mock.lastCall?.[0]).toBe("error"));
  answerFirst();
  await vi.waitFor(() => expect(given.report.mock.lastCall?.[0]).toBe("ready"));
});
