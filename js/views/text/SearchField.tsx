import { matchesInWords } from "./search";
import type { Search } from "./useSearch";

/** Looks for words: Enter goes to the next match, Shift and Enter to the one before. */
export function SearchField({ field, words, at, matches, onWords, onStep, onLeave }: Search) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: the element of that name is no older than browsers of 2023.
    <div class="aw-text-search" role="search">
      <input
        ref={field}
        type="search"
        name="search"
        placeholder="Search  /"
        aria-label="Search the text"
        autocomplete="off"
        value={words}
        onInput={(event) => onWords(event.currentTarget.value)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Enter") onStep(event.shiftKey ? -1 : 1);
          else if (event.key === "Escape") onLeave();
          else return;
          event.preventDefault();
        }}
      />
      <output class="aw-number">{matchesInWords(words, at, matches.length)}</output>
    </div>
  );
}
