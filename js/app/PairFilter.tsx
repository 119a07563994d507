import type { PairFilter as Pairs } from "../state/selection";

interface Props {
  value: Pairs;
  /** The reason why there is nothing to choose. */
  lack?: string | undefined;
  onChange: (value: Pairs) => void;
}

const PAIRS: [Pairs, string][] = [
  ["all", "all"],
  ["aa", "A → A"],
  ["ab", "A → B"],
  ["ba", "B → A"],
  ["bb", "B → B"],
];

/** From which text of a pair to which. */
export function PairFilter({ value, lack, onChange }: Props) {
  return (
    <label class="aw-field" title={lack ?? "From which of the two texts to which"}>
      <span>Sentences</span>
      <select
        name="pair_filter"
        value={value}
        disabled={lack !== undefined}
        onChange={(event) => onChange(event.currentTarget.value as Pairs)}
      >
        {PAIRS.map(([pairs, text]) => (
          <option key={pairs} value={pairs}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
