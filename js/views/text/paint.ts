import type { Ink } from "./inks";

/** How one token of a text looks, and what is said of it. */
export interface Look {
  ink: Ink;
  label: string;
  isPinned: boolean;
  /** It is the token that the text is coloured for. */
  isShown: boolean;
  /** It takes no part: masked or hidden. */
  isOut: boolean;
}

/** The tokens of a text, which are painted without being made anew. */
export class PaintedText {
  readonly #tokens: HTMLElement[];
  readonly #before: (Look | undefined)[] = [];

  constructor(passage: Element) {
    this.#tokens = [...passage.querySelectorAll<HTMLElement>("[data-index]")];
  }

  get count(): number {
    return this.#tokens.length;
  }

  /** Changes what differs from the last painting. */
  paint(lookOf: (index: number) => Look): void {
    this.#tokens.forEach((token, index) => {
      const look = lookOf(index);
      const before = this.#before[index];
      this.#before[index] = look;
      if (look.ink !== before?.ink) {
        token.style.backgroundColor = look.ink.ground;
        token.style.color = look.ink.letters;
      }
      if (look.label !== before?.label) token.setAttribute("aria-label", look.label);
      if (look.isPinned !== before?.isPinned) {
        token.setAttribute("aria-pressed", String(look.isPinned));
      }
      if (look.isShown !== (before?.isShown ?? false)) flag(token, "shown", look.isShown);
      if (look.isOut !== (before?.isOut ?? false)) flag(token, "out", look.isOut);
    });
  }

  /** Marks runs of tokens under a name, in place of those that had it. */
  mark(name: string, runs: readonly { first: number; last: number }[]): void {
    for (const token of this.#tokens) flag(token, name, false);
    for (const { first, last } of runs) {
      for (let index = first; index <= last; index++) {
        const token = this.#tokens[index];
        if (token) flag(token, name, true);
      }
    }
  }

  token(index: number): HTMLElement | undefined {
    return this.#tokens[index];
  }
}

function flag(token: HTMLElement, name: string, isSet: boolean): void {
  if (isSet) token.dataset[name] = "";
  else if (name in token.dataset) delete token.dataset[name];
}
