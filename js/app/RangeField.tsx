import { formatNumber, formatSetting } from "../draw/format";
import { type RangeSetting, settingOf } from "../frame/method";
import { NOT_INCLUDED, type StreamAbout } from "../state/about";
import { changeOfSetting, type Selection } from "../state/selection";
import type { Actions } from "../views/view";

interface Props {
  setting: RangeSetting;
  stream: StreamAbout;
  selection: Selection;
  actions: Actions;
}

/** A slider for one setting of a method; a file holds one value of it. */
export function RangeField({ setting, stream, selection, actions }: Props) {
  const { name, label, help, min, max, step } = setting;
  const value = settingOf(selection, setting);
  // A setting between 0 and 1 is a share.
  const isShare = min >= 0 && max <= 1;
  return (
    <label class="aw-field" title={stream.held ? `Other values are ${NOT_INCLUDED}` : help}>
      <span>{label}</span>
      <input
        type="range"
        {...{ name, min, max, step, value }}
        disabled={Boolean(stream.held)}
        onInput={(event) =>
          actions.select(changeOfSetting(setting, Number(event.currentTarget.value)))
        }
      />
      <output class="aw-number">{isShare ? formatSetting(value) : formatNumber(value)}</output>
    </label>
  );
}
