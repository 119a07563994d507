import { capital } from "../draw/methodText";
import { type MethodRow, methodOf } from "../frame/method";
import type { About } from "../state/about";
import type { FrameSource } from "../state/source";
import type { ViewStatus } from "./viewStatus";

interface Props {
  status: ViewStatus;
  source: FrameSource;
  about: About;
  /** The name of the method that is selected. */
  method: string;
}

/** One quiet line under the picture: what is drawn, what is being computed, who does not answer. */
export function Status({ status, source, about, ...props }: Props) {
  const method = methodOf(about, props.method);
  const retry = status.stopped.value;
  return (
    <div class="aw-status" role="status">
      {retry ? (
        <span>
          {capital(method.title)} was cancelled; this is the picture before it.{" "}
          <button type="button" class="aw-link" onClick={retry}>
            Retry
          </button>
        </span>
      ) : (
        <span class="aw-note">{status.note}</span>
      )}
      {status.state.value === "busy" && <Computing source={source} method={method} />}
      {about.views && <span>values to 1 part in 590</span>}
      {!source.answering.value && <span>no kernel answers; this is the saved picture</span>}
    </div>
  );
}

/** The computation under way and, where it takes long, its progress and a way to stop it. */
function Computing({ source, method }: { source: FrameSource; method: MethodRow }) {
  const news = source.progress.value;
  const what = news?.what || method.title;
  if (!news && method.is_quick) return <span class="aw-computing">computing {what}…</span>;
  return (
    <span class="aw-computing aw-long">
      computing {what}…{" "}
      <progress aria-label={`Progress of ${what}`} value={news?.done} max={news?.total} />{" "}
      <button type="button" class="aw-link" name="cancel" onClick={() => source.cancel()}>
        Cancel
      </button>
    </span>
  );
}
