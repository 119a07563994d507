import type { TokenList } from "../../state/about";
import { stretchesOf, WRITTEN } from "../../state/written";
import { tokenInWords } from "./words";

interface Props {
  tokens: TokenList;
  /** The first that can be chosen, and the one after the last. */
  first?: number;
  stop?: number;
  isDisabled?: (index: number) => boolean;
}

/** Tokens to choose from, those of the prompt apart from those that the model wrote. */
export function TokenOptions({ tokens, first = 0, stop = tokens.text.length, isDisabled }: Props) {
  const stretches = stretchesOf(tokens);
  const options = (start: number, end: number) => {
    const [from, to] = [Math.max(start, first), Math.min(end, stop)];
    return Array.from({ length: Math.max(0, to - from) }, (_, at) => (
      <option key={from + at} value={from + at} disabled={isDisabled?.(from + at)}>
        {tokenInWords(tokens, from + at)}
      </option>
    ));
  };
  if (stretches.length < 2 && !stretches[0]?.isWritten) return <>{options(first, stop)}</>;
  return (
    <>
      {stretches.map(({ start, end, isWritten }) => (
        <optgroup key={start} label={isWritten ? WRITTEN : "prompt"}>
          {options(start, end)}
        </optgroup>
      ))}
    </>
  );
}
