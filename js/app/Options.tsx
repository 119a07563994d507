import { useState } from "preact/hooks";
import { formatSetting } from "../draw/format";
import type { Selection } from "../state/selection";
import type { Actions } from "../views/view";
import { Choice } from "./Choice";
import { Popover } from "./Popover";

interface Props {
  selection: Selection;
  actions: Actions;
}

/** Options of the display, folded away behind a button. */
export function Options({ selection, actions }: Props) {
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
