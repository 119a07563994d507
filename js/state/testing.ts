import traits from "../../attnwidget/shared/traits.json";
import { METHODS } from "../frame/testing";
import type { About, StreamAbout, TokenList } from "./about";
import type { Traits, WidgetModel } from "./model";
import type { Selection, Target } from "./selection";

/** Tokens for tests: t0, t1, … */
export function tokensOf(count: number): TokenList {
  const text = Array.from({ length: count }, (_, index) => `t${index}`);
  return { text, special: [], continues: [], segments: [] };
}

/** A stream for tests: self-attention of three tokens, with what is given changed. */
export function streamOf(change: Partial<StreamAbout> = {}): StreamAbout {
  return {
    name: "self",
    layers: 6,
    heads: 4,
    causal: false,
    projections: true,
    methods: ["attention", "rollout", "gradient_flow", "relevance", "max_flow"],
    lacks: { methods: {}, views: {} },
    queries: tokensOf(3),
    keys: null,
    ...change,
  };
}

/** A trace for tests, of these streams and with the methods of the tests. */
export function aboutOf(streams: StreamAbout[] = [streamOf()], change: Partial<About> = {}): About {
  return { version: 1, model: null, methods: METHODS, streams, ...change };
}

/** The selection that a widget starts with, settings included. */
export const DEFAULT_SELECTION = { ...traits, stream: "self" } as Selection & {
  discard_ratio: number;
  target: Target | null;
};

type Listener = (...values: unknown[]) => void;

/** A widget model for tests: state, events and messages, without a kernel. */
export class FakeModel {
  readonly sent: { type: string; id: number; want: Record<string, unknown> }[] = [];
  saves = 0;
  readonly #state: Partial<Traits>;
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(state: Partial<Traits> = {}) {
    this.#state = state;
  }

  get asModel(): WidgetModel {
    return this as unknown as WidgetModel;
  }

  get listeners(): number {
    return [...this.#listeners.values()].reduce((sum, { size }) => sum + size, 0);
  }

  get<K extends keyof Traits>(key: K) {
    return this.#state[key];
  }

  set<K extends keyof Traits>(key: K, value: Traits[K]) {
    this.update({ [key]: value } as Partial<Traits>);
  }

  save_changes() {
    this.saves += 1;
  }

  on(event: string, listener: Listener) {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
  }

  off(event: string, listener: Listener) {
    this.#listeners.get(event)?.delete(listener);
  }

  send(message: FakeModel["sent"][number]) {
    this.sent.push(message);
  }

  /** A change of state as it comes from Python: everything is set, then told trait by trait. */
  update(state: Partial<Traits>) {
    Object.assign(this.#state, state);
    for (const key of Object.keys(state)) this.emit(`change:${key}`);
  }

  emit(event: string, ...values: unknown[]) {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(...values);
  }
}
