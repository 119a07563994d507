import { plural } from "../draw/format";
import type { StreamAbout } from "../state/about";
import { keysOf } from "../state/about";
import { WRITTEN, writtenIn } from "../state/written";

/** The meaning of the rule beside tokens, where the model wrote some of them. */
export function WrittenLegend({ stream }: { stream: StreamAbout }) {
  const tokens = [stream.queries, keysOf(stream)].find((each) => writtenIn(each).length > 0);
  if (!tokens) return null;
  const [written, all] = [writtenIn(tokens).length, tokens.text.length];
  return (
    <p class="aw-written-legend">
      <i aria-hidden="true" /> {WRITTEN}: {written} of {plural(all, "token")}
      {written < all && "; it read the others"}
    </p>
  );
}
