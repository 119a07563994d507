import { useState } from "preact/hooks";
import { formatSetting } from "../draw/format";
import type { StreamAbout } from "../state/about";
import type { PairFilter, Selection } from "../state/selection";
import type { Actions } from "../views/view";
import { Choice } from "./Choice";
import { Popover } from "./Popover";

interface Props {
  stream: StreamAbout;
  selection: Selection;
  actions: Actions;
}

const PAIRS: [PairFilter, string][] = [
  ["all", "all"],
  ["aa", "A→A"],
  ["ab", "A→B"],
  ["ba", "B→A"],
  ["bb", "B→B"],
];

/** What is shown of the attention, and how; folded away behind a button. */
export function Options({ stream, selection, actions }: Props) {
  const [isOpen, setOpen] = useState(false);
  const { select } = actions;
  return (
    <Popover
      button="Display"
      label="Display options"
      side="right"
      isOpen={isOpen}
      onToggle={setOpen}
    >
      <label class="aw-option">
        <span>Share of each row shown</span>
        <output>{selection.coverage >= 1 ? "all lines" : formatSetting(selection.coverage)}</output>
        <input
          type="range"
          name="coverage"
          min="0.1"
          max="1"
          step="0.05"
          value={selection.coverage}
          onInput={(event) => select({ coverage: Number(event.currentTarget.value) })}
        />
      </label>
      <Check
        name="hide_special"
        label="Hide special tokens"
        checked={selection.hide_special}
        onChange={(hide_special) => select({ hide_special })}
      />
      <Check
        name="hide_first"
        label="Hide the first token"
        checked={selection.hide_first}
        onChange={(hide_first) => select({ hide_first })}
      />
      <p class="aw-faint">Rows are renormalised over the keys that are left.</p>
      {stream.queries.segments.length > 0 && (
        <Choice
          name="pair_filter"
          label="Sentences"
          value={selection.pair_filter}
          options={PAIRS}
          onChange={(pair_filter) => select({ pair_filter })}
        />
      )}
      <Choice
        name="theme"
        label="Theme"
        value={selection.theme}
        options={[
          ["auto", "as notebook"],
          ["light", "light"],
          ["dark", "dark"],
        ]}
        onChange={(theme) => select({ theme })}
      />
    </Popover>
  );
}

interface CheckProps {
  name: string;
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

function Check({ name, label, checked, onChange }: CheckProps) {
  return (
    <label class="aw-check">
      <input
        type="checkbox"
        name={name}
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}
