import { type Want, wantKey } from "../frame/want";

/** What views say is on the screen. */
export class Shown {
  readonly #wants = new Set<readonly Want[]>();

  /** Keeps the wants until the function that it returns is called. */
  add(wants: readonly Want[]): () => void {
    this.#wants.add(wants);
    return () => this.#wants.delete(wants);
  }

  /** Each of them once, by its key. */
  byKey(): Map<string, Want> {
    const found = new Map<string, Want>();
    for (const wants of this.#wants) for (const want of wants) found.set(wantKey(want), want);
    return found;
  }
}
