import { type CheckSetting, settingOf } from "../frame/method";
import { NOT_INCLUDED, type StreamAbout } from "../state/about";
import { changeOfSetting, type Selection } from "../state/selection";
import type { Actions } from "../views/view";

interface Props {
  setting: CheckSetting;
  stream: StreamAbout;
  selection: Selection;
  actions: Actions;
}

/** A setting of a method that is on or off; a file holds one value of it. */
export function CheckField({ setting, stream, selection, actions }: Props) {
  const { name, label, help } = setting;
  return (
    <label class="aw-check" title={stream.held ? `The other is ${NOT_INCLUDED}` : help}>
      <input
        type="checkbox"
        name={name}
        checked={settingOf(selection, setting)}
        disabled={Boolean(stream.held)}
        onChange={(event) => actions.select(changeOfSetting(setting, event.currentTarget.checked))}
      />
      <span>{label}</span>
    </label>
  );
}
