import type { Want } from "../frame/want";

/** The wants whose frames are on the screen, as views say. */
export class WantsOnScreen {
  readonly #wants = new Set<readonly Want[]>();
  readonly #keyOf: (want: Want) => string;

  constructor(keyOf: (want: Want) => string) {
    this.#keyOf = keyOf;
  }

  /** Adds wants, until the function that it returns is called. */
  add(wants: readonly Want[]): () => void {
    this.#wants.add(wants);
    return () => this.#wants.delete(wants);
  }

  /** Each want once, by its key. */
  byKey(): Map<string, Want> {
    const found = new Map<string, Want>();
    for (const wants of this.#wants) {
      for (const want of wants) found.set(this.#keyOf(want), want);
    }
    return found;
  }
}
