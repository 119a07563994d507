import { type ReadonlySignal, signal } from "@preact/signals";
import { allSettings } from "../frame/method";
import type { About } from "./about";
import { changeSelection, clampSelection } from "./clamp";
import { editsOf, isInPlace } from "./edits";
import type { Traits, WidgetModel } from "./model";
import { aboutOfRun, hasSameTokens, runOf } from "./runs";
import { SELECTION_FIELDS, type Selection } from "./selection";

/** At most one message to the kernel in this many milliseconds, as while a slider is dragged. */
const SAVE_EVERY = 60;

/** The selection of one widget model, the same object for all its views. */
export interface Store {
  readonly about: About;
  readonly selection: ReadonlySignal<Selection>;
  /** The importance of heads, (layers, heads) by stream; Python alone sets it. */
  readonly importance: ReadonlySignal<Traits["head_importance"]>;
  /** Change some fields in one update; a change of stream clamps the others to what it has. */
  select(change: Partial<Selection>): void;
}

/** `onSnapshot` sees a frame that came with a change before the change itself is seen. */
export function createStore(
  model: WidgetModel,
  lifetime: AbortSignal,
  onSnapshot: (bytes: DataView) => void,
): Store {
  const about = model.get("about");
  const fields = fieldsOf(about);
  const selection = signal(readSelection(model, about, fields));
  let snapshot: DataView | null = null;
  let scheduled = false;

  const read = () => {
    scheduled = false;
    if (lifetime.aborted) return;
    const bytes = model.get("snapshot");
    if (bytes !== snapshot && bytes?.byteLength) onSnapshot(bytes);
    snapshot = bytes;
    const next = readSelection(model, about, fields);
    if (!isEqual(next, selection.peek())) selection.value = next;
  };
  // One update of several traits fires one event for each: read once, when all are set.
  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(read);
  };
  read();
  const importance = signal(model.get("head_importance") ?? null);
  const readImportance = () => {
    importance.value = model.get("head_importance") ?? null;
  };
  model.on("change:head_importance", readImportance);
  const events = [...fields, "snapshot"].map((field) => `change:${field}`);
  for (const event of events) model.on(event, schedule);
  const save = throttle(() => model.save_changes(), SAVE_EVERY, lifetime);
  lifetime.addEventListener("abort", () => {
    for (const event of events) model.off(event, schedule);
    model.off("change:head_importance", readImportance);
  });

  const select = (change: Partial<Selection>) => {
    const before = selection.peek();
    const next = changeInRun(before, change, about);
    if (isEqual(next, before)) return;
    for (const field of fields) {
      if (!isEqual(next[field], before[field])) model.set(field, next[field]);
    }
    selection.value = next;
    save();
  };
  return { about, selection, importance, select };
}

/** The traits of a selection; those of settings have names that only `about` knows. */
function fieldsOf(about: About): (keyof Selection)[] {
  const settings = allSettings(about).map(({ name }) => name);
  return [...SELECTION_FIELDS, ...(settings as (keyof Selection)[])];
}

function readSelection(
  model: WidgetModel,
  about: About,
  fields: readonly (keyof Selection)[],
): Selection {
  const entries = fields.map((field) => [field, model.get(field)]);
  const selection = Object.fromEntries(entries) as Selection;
  return clampSelection(selection, onScreen(about, selection));
}

/** The description of the run on the screen. */
function onScreen(about: About, selection: Selection): About {
  return aboutOfRun(about, runOf(about, selection));
}

/** The selection after a change; tokens are pinned in the run that they were pinned in. */
function changeInRun(before: Selection, change: Partial<Selection>, about: About): Selection {
  const shown = onScreen(about, { ...before, ...change });
  const next = changeSelection(before, change, shown);
  if (!about.runs || hasSameTokens(shown, onScreen(about, before))) return next;
  const isDifference = next.run === "difference" || before.run === "difference";
  if (isInPlace(editsOf(next)) && !isDifference) return next;
  return { ...next, tokens_selected: [], trace_node: null, trace_via: null };
}

/** Selections are plain data, so their JSON tells them apart. */
function isEqual(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** Runs at once, then at most every `interval` milliseconds, and once more for the last call. */
function throttle(run: () => void, interval: number, lifetime: AbortSignal): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const fire = () => {
    again = false;
    run();
    timer = setTimeout(() => {
      timer = undefined;
      if (again) fire();
    }, interval);
  };
  lifetime.addEventListener("abort", () => {
    clearTimeout(timer);
    if (again) run();
  });
  return () => {
    if (timer === undefined) fire();
    else again = true;
  };
}
