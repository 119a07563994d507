import type { ReadonlySignal, Signal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { Want } from "../frame/want";
import type { About, StreamAbout } from "../state/about";
import type { HeadRules } from "../state/heads";
import type { Undo } from "../state/pins";
import type { Selection, TokenRef } from "../state/selection";
import type { FrameSource } from "../state/source";

/** The thing under the pointer or the keyboard focus; it never leaves the browser. */
export interface Hover {
  token?: TokenRef;
  head?: number;
  layer?: number;
  /** A single connection, when the pointer is on a line or a cell. */
  link?: { query: number; key: number; head: number | null; weight: number; error?: number | null };
}

/** The changes that a view can ask for. Each goes to Python in one update. */
export interface Actions {
  select(change: Partial<Selection>): void;
  togglePin(token: TokenRef): void;
  /** Hands a token to what waits for one, as the choice of a target; false where nothing does. */
  pick(token: TokenRef): boolean;
  clearPins(): void;
}

/**
 * Tells the root the state of the view's work.
 *
 * "ready" is a finished drawing (it raises data-revision), "cancelled" work that somebody stopped,
 * "absent" a frame that a file does not hold. The status line shows the note; its button calls
 * `retry`.
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
  /** The importance of each head of the stream, (layers, heads); null where it is not known. */
  importance: number[][] | null;
  hover: Signal<Hover | null>;
  source: FrameSource;
  actions: Actions;
  /** "light" or "dark", already resolved from the theme trait and the notebook. */
  scheme: ReadonlySignal<"light" | "dark">;
  report: Report;
}

/** The properties of a component beside the picture. */
export type BesideProps = Omit<ViewProps, "report">;

/**
 * A view: all that the rest of the widget knows of it.
 *
 * Its row stands in `view.ts` of its folder, and in the list of `registry.ts`.
 */
export interface View extends HeadRules {
  /** The value of the trait `view`. */
  name: string;
  /** The name on its tab. */
  label: string;
  Component: ComponentType<ViewProps>;
  /** Stands beside the picture in place of the inspector. */
  Beside?: ComponentType<BesideProps>;
  /** True where the picture wants the room that the inspector would take beside it. */
  isWide?: (selection: Selection) => boolean;
  /** It shows all layers together, so that there is none to choose. */
  spansLayers?: boolean;
  /** It follows paths, by the method that the selected one is `followed_by`. */
  followsPaths?: boolean;
  /** It shows many heads at once, so that a single one is looked at elsewhere. */
  isOverview?: boolean;
  /** It shows the texts of a pair together, so that none can be left out. */
  joinsTexts?: boolean;
  /** It shows values of a target, by whatever method. */
  usesTarget?: (selection: Selection) => boolean;
  /** Says why all heads are fused, where the method does not. */
  fusedNote?: string;
  /** A click on a token does this instead of pinning it: "follows a token". */
  tokenClick?: string;
  /** The frames that a reader is likely to ask for next, most likely first. */
  prefetch?: (about: About, selection: Selection, stream: StreamAbout) => Want[];
  undo?: Undo;
}
