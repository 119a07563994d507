import type { InitializeProps, RenderProps } from "@anywidget/types";
import type { ReadonlySignal } from "@preact/signals";
import { mount } from "./app/mount";
import type { Traits } from "./state/model";
import { createSessions, type Session } from "./state/session";

/**
 * anywidget's entry, called once per widget model: what it closes over is shared by the views of one
 * widget and by nothing else.
 */
export default function attnwidget() {
  let sessions: ReadonlySignal<Session> | undefined;
  return {
    initialize({ model }: Pick<InitializeProps<Traits>, "model">) {
      const lifetime = new AbortController();
      sessions = createSessions(model, lifetime.signal);
      return () => {
        lifetime.abort();
        sessions = undefined;
      };
    },
    render({ model, el }: Pick<RenderProps<Traits>, "model" | "el">) {
      const lifetime = new AbortController();
      sessions ??= createSessions(model, lifetime.signal);
      mount(el, sessions, lifetime.signal);
      el.dataset.attnwidget = model.get("identity");
      return () => {
        delete el.dataset.attnwidget;
        lifetime.abort();
      };
    },
  };
}
