import type { About } from "../../state/about";
import { runOf } from "../../state/runs";
import type { Run, Selection } from "../../state/selection";
import type { Actions } from "../../views/view";
import { Choice } from "../Choice";

export type RunNames = Record<Run, string>;

interface Props {
  about: About;
  selection: Selection;
  actions: Actions;
  names: RunNames;
}

/** Chooses the run on the screen, and says what a difference is. */
export function RunChoice({ about, selection, actions, names }: Props) {
  const { run } = selection;
  const options = (Object.entries(names) as [Run, string][]).filter(
    ([each]) => each !== "difference" || !about.compared || about.runs?.difference,
  );
  return (
    <>
      <Choice
        name="run"
        label="The picture shows the run"
        value={run}
        options={options}
        onChange={(chosen) => actions.select({ run: chosen })}
      />
      {run === "difference" && (
        <p class="aw-faint">
          {runOf(about, selection) === "after"
            ? `This view shows one run at a time: this is the run ${names.after}. The other views show the difference.`
            : `The picture shows the run ${names.after} minus the run ${names.before}.`}
        </p>
      )}
    </>
  );
}
