import type { ReadonlySignal, Signal } from "@preact/signals";
import type { About, StreamAbout } from "../state/about";
import type { Selection, TokenRef } from "../state/selection";
import type { FrameSource } from "../state/source";

/** What the pointer or the keyboard focus is on; never leaves the browser. */
export interface Hover {
  token?: TokenRef;
  head?: number;
  layer?: number;
  /** A single connection, when the pointer is on a line or a cell. */
  link?: { query: number; key: number; head: number | null; weight: number; error?: number | null };
}

/** How a view asks for change. Each goes to Python in one update. */
export interface Actions {
  select(change: Partial<Selection>): void;
  togglePin(token: TokenRef): void;
  clearPins(): void;
}

/**
 * Tells the root that a redraw has finished (raises data-revision), that work is going on, that it
 * failed, that somebody stopped it, or that a file does not hold it. The note is what the status line says; `retry` is what its
 * button does.
 */
export type Report = (
  state: "busy" | "ready" | "error" | "cancelled" | "absent",
  note?: string,
  retry?: () => void,
) => void;

/** All a view is given. It never sees the widget model. */
export interface ViewProps {
  about: About;
  /** The one of them that is selected. */
  stream: StreamAbout;
  selection: Selection;
  /** How much each head of the stream matters, (layers, heads); null where that is not known. */
  importance: number[][] | null;
  hover: Signal<Hover | null>;
  source: FrameSource;
  actions: Actions;
  /** "light" or "dark", already resolved from the theme trait and the notebook. */
  scheme: ReadonlySignal<"light" | "dark">;
  report: Report;
}
