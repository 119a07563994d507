import { plural } from "../../draw/format";
import { visibleText } from "../../draw/tokenText";
import { methodOf } from "../../frame/method";
import { useFrame } from "../common/useFrame";
import type { ViewProps } from "../view";
import { nodesOf } from "./nodes";
import { nodeColor } from "./paint";
import { pathsWant } from "./pathsWant";
import { numberOf, TokenName } from "./TokenName";
import { amount, placeName } from "./words";

const MOST_SHOWN = 12;

/** The amount that arrives from each input, in words and numbers, most first. */
export function Arrivals({ about, selection, source, scheme }: Omit<ViewProps, "report">) {
  const framed = useFrame(source, pathsWant(about, selection, nodesOf(about, selection.stream)));
  if (!framed) return <aside class="aw-inspector" aria-label="Inspector" />;
  const { frame, want } = framed;
  const nodes = nodesOf(about, want.stream);
  const ranked = Array.from(frame.arriving, (share, index) => ({ share, index }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
  const shown = ranked.slice(0, MOST_SHOWN);
  const rest = ranked.slice(MOST_SHOWN);
  const top = shown[0]?.share ?? 1;
  const method = methodOf(about, frame.method);
  const isFlow = method.is_flow;
  const color = nodeColor(0.5, { scheme: scheme.value });
  return (
    <aside class="aw-inspector" aria-label="Inspector">
      <h3>{isFlow ? "Maximum flow from each input" : "Arriving from the inputs"}</h3>
      <section class="aw-ranked">
        <p>
          at <TokenName nodes={nodes} index={want.index} />{" "}
          <span class="aw-faint">
            {placeName(frame.levels, want.level ?? frame.levels.length)}
            {want.via && !isFlow && (
              <>
                , through <TokenName nodes={nodes} index={want.via[1]} />{" "}
                {placeName(frame.levels, want.via[0])}
              </>
            )}
          </span>
        </p>
        <ol class="aw-shares">
          {shown.map(({ share, index }) => (
            <li key={index}>
              <span class="aw-share-token" title={nodes.tokens.text[index]}>
                {visibleText(nodes.tokens.text[index] ?? "")}
              </span>
              <span class="aw-faint aw-number">{numberOf(nodes, index)}</span>
              <span class="aw-bar-track">
                <span style={{ width: `${(100 * share) / top}%`, background: color }} />
              </span>
              <span class="aw-number">{amount({ frame, method }, share)}</span>
            </li>
          ))}
        </ol>
        {rest.length > 0 && (
          <p class="aw-faint">
            {plural(rest.length, "other input")}
            {!isFlow &&
              `: ${amount(
                { frame, method },
                rest.reduce((sum, { share }) => sum + share, 0),
              )}`}
          </p>
        )}
        {shown.length === 0 && <p class="aw-faint">Nothing arrives.</p>}
      </section>
    </aside>
  );
}
