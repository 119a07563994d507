import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import { render } from "preact";
import type { Session } from "../state/session";
import { App, type Kept } from "./App";
import { createScheme } from "./scheme";

/** Draws one view of a widget into an element, until the signal aborts. */
export function mount(
  el: HTMLElement,
  sessions: ReadonlySignal<Session>,
  lifetime: AbortSignal,
): void {
  const selection = computed(() => sessions.value.store.selection.value);
  const scheme = createScheme(el, selection, lifetime);
  const kept: Kept = { revision: signal(0), isEditing: false };
  const stop = effect(() => {
    const session = sessions.value;
    // What is below stays where it is until the next picture is drawn.
    if (el.firstChild) el.style.minHeight = `${el.offsetHeight}px`;
    // Another session is another trace: nothing that the views remember is of it.
    const key = session.store.about.edition ?? 0;
    untracked(() => render(<App key={key} {...{ session, scheme, kept }} />, el));
  });
  const release = kept.revision.subscribe(() => {
    el.style.minHeight = "";
  });
  lifetime.addEventListener(
    "abort",
    () => {
      stop();
      release();
      render(null, el);
    },
    { once: true },
  );
}
