/** Values by key within a budget of bytes; what was used longest ago goes first. */
export class Cache<Value> {
  readonly #entries = new Map<string, { value: Value; bytes: number }>();
  readonly #budget: number;
  #held = 0;

  constructor(budget: number) {
    this.#budget = budget;
  }

  get bytes(): number {
    return this.#held;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Looks without counting as use. */
  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** Keeps a value; even one over the budget stays until the next one comes. */
  set(key: string, value: Value, bytes: number): void {
    this.#drop(key);
    this.#entries.set(key, { value, bytes });
    this.#held += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#held <= this.#budget || oldest === key) break;
      this.#drop(oldest);
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#held = 0;
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#held -= entry.bytes;
  }
}
