import { formatNumber, formatSigned } from "../../draw/format";
import { valueInWords } from "../../draw/methodText";
import { headFill, type Scheme } from "../../draw/palette";
import { type MethodRow, signsOf } from "../../frame/method";
import type { TokenList } from "../../state/about";
import type { Share } from "../../state/shares";
import { useWritten } from "../../views/common/useWritten";
import { SignBar } from "./SignBar";

interface Props {
  shares: Share[];
  tokens: TokenList;
  heads: (number | null)[];
  method: MethodRow;
  scheme: Scheme;
}

/**
 * Tokens with bars and numbers; a bar's parts are the heads' parts of the mean.
 *
 * Where values have signs, bars grow to both sides of zero.
 */
export function ShareList({ shares, tokens, heads, method, scheme }: Props) {
  const written = useWritten(tokens);
  const top = Math.abs(shares[0]?.mean ?? 1);
  const [raises, lowers] = signsOf(method);
  return (
    <>
      {method.signed && (
        <p class="aw-signs">
          <span data-sign="-1">− {lowers}</span>
          <span data-sign="1">+ {raises}</span>
        </p>
      )}
      <ol class="aw-shares" data-signed={method.signed || undefined}>
        {shares.map(({ index, mean, byHead }) => (
          <li key={index} title={method.signed ? inWords(index, mean) : undefined}>
            <span
              class="aw-share-token"
              data-written={written.has(index) || undefined}
              title={`${tokens.text[index]}${written.words(index)}`}
            >
              {tokens.text[index]}
            </span>
            <span class="aw-faint aw-number">{index}</span>
            {method.signed ? (
              <SignBar share={mean / top} />
            ) : (
              <span class="aw-bar-track">
                {byHead.map((share, head) => (
                  <span
                    key={heads[head]}
                    style={{
                      width: `${(100 * share) / heads.length / top}%`,
                      background: headFill(heads[head] ?? null, scheme),
                    }}
                  />
                ))}
              </span>
            )}
            <span class="aw-number">{method.signed ? formatSigned(mean) : formatNumber(mean)}</span>
          </li>
        ))}
      </ol>
    </>
  );

  function inWords(index: number, mean: number): string {
    return `${tokens.text[index]} ${valueInWords(method, mean, formatNumber(mean))}`;
  }
}
