import { render } from "preact";
import type { Session } from "../state/session";
import { App } from "./App";
import { createScheme } from "./scheme";

/** Draws one view of a widget into an element, until the signal aborts. */
export function mount(el: HTMLElement, session: Session, lifetime: AbortSignal): void {
  const scheme = createScheme(el, session.store.selection, lifetime);
  render(<App session={session} scheme={scheme} />, el);
  lifetime.addEventListener("abort", () => render(null, el), { once: true });
}
