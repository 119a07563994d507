import { type ReadonlySignal, type Signal, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Scheme } from "../draw/palette";
import { streamOf } from "../state/clamp";
import { shownHeads, shownSelection } from "../state/heads";
import { togglePin } from "../state/pins";
import { changeOfSetting, type TokenRef } from "../state/selection";
import type { Session } from "../state/session";
import { positionAt } from "../state/target";
import { CutsContext } from "../views/common/marks";
import { viewOf } from "../views/registry";
import type { Actions, Hover } from "../views/view";
import { Absence } from "./Absence";
import { Banner } from "./Banner";
import { Boundary } from "./Boundary";
import { Compared } from "./cuts/Compared";
import { Cuts } from "./cuts/Cuts";
import { useRun } from "./cuts/useRun";
import { Edits } from "./edits/Edits";
import { HeadChips } from "./HeadChips";
import { Hint } from "./Hint";
import { Inspector } from "./inspector/Inspector";
import { handleKey } from "./keys";
import { LookFirst } from "./look/LookFirst";
import { Notes } from "./Notes";
import { Question } from "./Question";
import { Status } from "./Status";
import { Toolbar } from "./Toolbar";
import type { Picking } from "./target/TargetPicker";
import { usePrefetch } from "./usePrefetch";
import { createViewStatus } from "./viewStatus";
import { WrittenLegend } from "./WrittenLegend";

interface Props {
  session: Session;
  scheme: ReadonlySignal<Scheme>;
  kept: Kept;
}

/** What a view keeps where another trace takes the place of one. */
export interface Kept {
  revision: Signal<number>;
  /** The reader is editing, and goes on where the run of it is. */
  isEditing: boolean;
}

/** The frame round every view: toolbar, head chips, picture, inspector, status. */
export function App({ session, scheme, kept }: Props) {
  const { store, picture } = session;
  const selection = store.selection.value;
  const view = viewOf(selection.view);
  const { source, about } = useRun(session.source, store.about, selection);
  const stream = streamOf(about, selection.stream);
  const status = useMemo(() => createViewStatus(kept.revision), [kept]);
  const hover = useSignal<Hover | null>(null);
  const picking = useSignal<Picking | null>(null);
  const actions = useMemo<Actions>(() => {
    const pick = (token: TokenRef) => {
      const picked = picking.value;
      if (!picked) return false;
      const position = positionAt(token, store.selection.peek().stream);
      if (position === null) return true;
      picking.value = null;
      store.select(changeOfSetting(picked.setting, picked.at(position)));
      return true;
    };
    return {
      select: store.select,
      pick,
      togglePin: (token) => {
        const { tokens_selected } = store.selection.peek();
        if (!pick(token)) store.select({ tokens_selected: togglePin(tokens_selected, token) });
      },
      clearPins: () => store.select({ tokens_selected: [] }),
    };
  }, [store, picking]);
  const described = useMemo(() => shownSelection(about, selection, view), [about, selection, view]);
  usePrefetch(source, about, view, selection, stream);

  const { Component, Beside = Inspector } = view;
  const importance = store.importance.value?.[stream.name] ?? null;
  const shown = { about, stream, selection, importance };
  const shared = { ...shown, hover, source, actions, scheme };
  const cuts = useMemo(
    () => ({ cuts: selection.cuts, stream, layer: selection.layer }),
    [selection.cuts, stream, selection.layer],
  );
  const heads = shownHeads(about, selection, view);
  return (
    <CutsContext.Provider value={cuts}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys reach it from the controls within. */}
      <div
        class="attnwidget"
        data-view={selection.view}
        data-stream={selection.stream}
        data-layer={selection.layer}
        data-method={selection.method}
        data-theme={selection.theme}
        data-wide={view.isWide?.(selection) || undefined}
        data-scheme={scheme}
        data-state={status.state}
        data-revision={status.revision}
        onKeyDown={(event) => {
          if (event.key === "Escape" && picking.value) picking.value = null;
          else handleKey(event, about, view, selection, stream, actions);
        }}
      >
        <div class="aw-bar">
          <Toolbar {...{ about, view, stream, selection, source, actions, picture, picking }} />
          <Question {...{ about, view, selection }} />
          <HeadChips {...shared} view={view} />
        </div>
        <Banner problem={status.problem} />
        <Notes notes={about.notes ?? []} />
        {view.tokenClick === undefined && <Hint />}
        <div class="aw-main">
          <div class="aw-shown">
            <div class="aw-picture" data-absent={status.absent.value !== null || undefined}>
              <Absence absent={status.absent} />
              <Boundary report={status.report}>
                <Component key={view.name} {...shared} report={status.report} />
              </Boundary>
              <WrittenLegend stream={stream} />
              <Status {...{ status, source, about }} method={selection.method} />
            </div>
            <Boundary report={status.report}>
              <div class="aw-asks">
                {about.compared && !about.edits && <Compared {...shared} source={session.source} />}
                {!about.compared && !about.edits && (
                  <Cuts {...shared} source={session.source} heads={heads} />
                )}
                {selection.cuts.length === 0 && (
                  <Edits
                    {...{ ...shared, session, kept }}
                    source={session.source}
                    onScreen={source}
                  />
                )}
              </div>
            </Boundary>
          </div>
          <div class="aw-side">
            {selection.run !== "difference" && <LookFirst {...shared} isDrawn={status.isDrawn} />}
            <Boundary report={status.report}>
              <Beside {...shared} selection={described} />
            </Boundary>
          </div>
        </div>
      </div>
    </CutsContext.Provider>
  );
}
