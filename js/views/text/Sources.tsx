import { useMemo } from "preact/hooks";
import { formatCount } from "../../draw/format";
import { namesOfHeads } from "../../draw/headsText";
import { capital } from "../../draw/methodText";
import { visibleText } from "../../draw/tokenText";
import { methodOf, signsOf, usesFusion } from "../../frame/method";
import { layersInWords } from "../../state/layers";
import { tokenWant } from "../../state/wants";
import { useFrame } from "../common/useFrame";
import type { BesideProps } from "../view";
import { chosenToken, otherSide, tokensOf } from "./chosen";
import { piecesOf } from "./reading";
import { SourceRow } from "./SourceRow";
import { restOf, strongestOf } from "./strongest";
import { valueText, verbOf } from "./words";

const MOST = 12;

/** The strongest of the tokens that the shown one looks at, each a link to its place in the text. */
export function Sources({ about, stream, selection, source, hover }: BesideProps) {
  const { token } = chosenToken(about, selection, stream);
  const framed = useFrame(source, tokenWant(about, selection, stream, token));
  const from = framed?.want.side ?? token.side;
  const side = otherSide(from);
  const tokens = tokensOf(stream, side);
  const pieces = useMemo(() => piecesOf(tokens), [tokens]);
  const shares = useMemo(() => (framed ? strongestOf(framed.frame, MOST) : []), [framed]);
  if (!framed) return <aside class="aw-inspector" aria-label="Inspector" />;

  const { want, frame } = framed;
  const method = methodOf(about, want.method);
  const top = Math.abs(shares[0]?.mean ?? 1);
  const rest = restOf(frame, shares);
  const [raises, lowers] = signsOf(method);
  const others = tokens.text.length - shares.length - (side === "key" ? frame.hidden : 0);
  const passage = stream.keys === null ? "key" : side;
  return (
    <aside class="aw-inspector" aria-label="Inspector">
      <header>
        <h3>{titleOf()}</h3>
      </header>
      <section class="aw-ranked aw-ranked-sources">
        <p>
          <b>{visibleText(tokensOf(stream, from).text[want.index] ?? "")}</b>{" "}
          <span class="aw-faint">
            ({from} {want.index})
          </span>{" "}
          {verbOf(method, from)}
        </p>
        {method.signed && (
          <p class="aw-signs">
            <span data-sign="-1">− {lowers}</span>
            <span data-sign="1">+ {raises}</span>
          </p>
        )}
        {shares.length === 0 && (
          <p class="aw-faint">Nothing: the row is empty, or all of it is hidden.</p>
        )}
        <ol class="aw-sources">
          {shares.map(({ index, mean }) => (
            <SourceRow
              key={index}
              {...{ pieces, index, mean, method, passage, side, hover }}
              share={mean / top}
            />
          ))}
        </ol>
        {rest > 0 && others > 0 && (
          <p class="aw-faint">
            {formatCount(others)} other {side === "key" ? "keys" : "queries"} have{" "}
            {valueText({ ...method, signed: false }, rest)}
            {method.signed && " together, by magnitude"}
          </p>
        )}
      </section>
      {frame.hidden > 0 && (
        <p class="aw-hidden">
          {formatCount(frame.hidden)} {frame.hidden === 1 ? "key is" : "keys are"} hidden; they held{" "}
          {valueText({ ...method, signed: false, full_scale: 1 }, frame.hiddenMass)} of the{" "}
          {method.title}
          {method.signed
            ? ", by magnitude. What is left is not rescaled."
            : ". Rows are renormalised."}
        </p>
      )}
    </aside>
  );

  function titleOf(): string {
    const name = method.is_attention ? "" : `${method.title}, `;
    const fused = usesFusion(method) ? `, ${want.fusion}` : "";
    const heads = want.heads ? namesOfHeads(want.heads) : `all ${stream.heads} heads`;
    const isFused = want.heads === null || want.heads.length > 1;
    return capital(
      `${name}${layersInWords(method, stream, want.layer)}, ${heads}${isFused ? fused : ""}`,
    );
  }
}
