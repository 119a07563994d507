import type { Signal } from "@preact/signals";
import { type About, lackOfView, type StreamAbout } from "../state/about";
import type { Selection } from "../state/selection";
import type { Session } from "../state/session";
import type { FrameSource } from "../state/source";
import { VIEWS } from "../views/registry";
import type { Actions, View } from "../views/view";
import { LayerStepper } from "./LayerStepper";
import { MethodControls } from "./MethodControls";
import { Options } from "./Options";
import { PairFilter } from "./PairFilter";
import { Save } from "./Save";
import type { Picking } from "./target/TargetPicker";

interface Props {
  about: About;
  view: View;
  stream: StreamAbout;
  selection: Selection;
  source: FrameSource;
  actions: Actions;
  picture: Session["picture"];
  picking: Signal<Picking | null>;
}

/** Left to right in the order one thinks: view, stream, layer, texts, method; display options at the end. */
export function Toolbar(props: Props) {
  const { about, view, stream, selection, actions, picture } = props;
  return (
    // A form of its own keeps the radio buttons of two widgets on one page apart.
    <form class="aw-toolbar" onSubmit={(event) => event.preventDefault()}>
      <fieldset class="aw-tabs" aria-label="View">
        {VIEWS.map(({ name, label }) => {
          const lack = lackOfView(about, stream, name) ?? undefined;
          return (
            <label key={name} title={lack}>
              <input
                type="radio"
                name="view"
                value={name}
                checked={selection.view === name}
                disabled={lack !== undefined}
                onChange={() => actions.select({ view: name })}
              />
              <span>{label}</span>
            </label>
          );
        })}
      </fieldset>
      {about.streams.length > 1 && (
        <label class="aw-field">
          <span>Stream</span>
          <select
            name="stream"
            value={selection.stream}
            onChange={(event) => actions.select({ stream: event.currentTarget.value })}
          >
            {about.streams.map(({ name, held }) => (
              <option key={name} value={name} disabled={held === null}>
                {name}
                {held === null && " (not included)"}
              </option>
            ))}
          </select>
        </label>
      )}
      <LayerStepper
        layer={selection.layer}
        stream={stream}
        lack={view.spansLayers ? "This view goes through all layers" : undefined}
        onChange={(layer) => actions.select({ layer })}
      />
      {stream.queries.segments.length > 0 && (
        <PairFilter
          value={selection.pair_filter}
          lack={view.joinsTexts ? "This view shows both texts together" : undefined}
          onChange={(pair_filter) => actions.select({ pair_filter })}
        />
      )}
      <MethodControls {...props} />
      <div class="aw-actions">
        <Options selection={selection} actions={actions} />
        {picture && <Save view={selection.view} picture={picture} />}
      </div>
    </form>
  );
}
