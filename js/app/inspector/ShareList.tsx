import { formatNumber } from "../../draw/format";
import { headFill, type Scheme } from "../../draw/palette";
import type { TokenList } from "../../state/about";
import type { Share } from "../../state/shares";

interface Props {
  shares: Share[];
  tokens: TokenList;
  heads: (number | null)[];
  scheme: Scheme;
}

/** Tokens with bars and numbers; a bar's parts are the heads' parts of the mean. */
export function ShareList({ shares, tokens, heads, scheme }: Props) {
  const top = shares[0]?.mean ?? 1;
  return (
    <ol class="aw-shares">
      {shares.map(({ index, mean, byHead }) => (
        <li key={index}>
          <span class="aw-share-token" title={tokens.text[index]}>
            {tokens.text[index]}
          </span>
          <span class="aw-faint aw-number">{index}</span>
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
          <span class="aw-number">{formatNumber(mean)}</span>
        </li>
      ))}
    </ol>
  );
}
