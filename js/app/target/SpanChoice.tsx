import { useState } from "preact/hooks";
import type { SpanRange, TokenList } from "../../state/about";
import type { SpanTarget } from "../../state/selection";
import { longestSpan, spanBetween } from "../../state/target";
import { TokenOptions } from "./TokenOptions";
import { quoted, tokenInWords } from "./words";

interface Props {
  target: SpanTarget;
  spans: SpanRange;
  tokens: TokenList;
  /** Positions of the pinned tokens that can be predicted. */
  pinned: number[];
  onChange(target: SpanTarget): void;
}

/** Tokens that follow each other, whose log-probabilities are summed up. */
export function SpanChoice({ target, spans, tokens, pinned, onChange }: Props) {
  const [problem, setProblem] = useState<string | null>(null);
  const stop = target.stop ?? spans.stop;
  const change = (one: number, other: number) => {
    const span = spanBetween(spans, one, other);
    setProblem(span ? null : obstacle(spans, tokens, one, other));
    if (span) onChange({ kind: "span", ...span });
  };
  const all = longestSpan(spans);
  const { answer } = spans;
  return (
    <>
      <div class="aw-span">
        <Token
          name="span_start"
          label="From"
          value={target.start}
          {...{ spans, tokens }}
          onChange={(at) => change(at, stop - 1)}
        />
        <Token
          name="span_last"
          label="to"
          value={stop - 1}
          {...{ spans, tokens }}
          onChange={(at) => change(target.start, at)}
        />
      </div>
      <div class="aw-span-shortcuts">
        {answer && (
          <button
            type="button"
            class="aw-button"
            name="span_answer"
            title="What was written, or the second text"
            onClick={() => change(answer[0], answer[1] - 1)}
          >
            Whole answer
          </button>
        )}
        <button
          type="button"
          class="aw-button"
          name="span_all"
          title="The longest stretch of text that the model predicts"
          onClick={() => change(all.start, all.stop - 1)}
        >
          Whole text
        </button>
        <button
          type="button"
          class="aw-button"
          name="span_pinned"
          aria-disabled={pinned.length === 0}
          title={
            pinned.length > 0
              ? "From the first to the last pinned token"
              : "Pin tokens in the picture first"
          }
          onClick={() => {
            if (pinned.length > 0) change(Math.min(...pinned), Math.max(...pinned));
            else setProblem("Pin the first and the last token in the picture, and press again.");
          }}
        >
          Pinned tokens
        </button>
      </div>
      {problem !== null && (
        <p class="aw-problem" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}

interface TokenProps {
  name: string;
  label: string;
  value: number;
  spans: SpanRange;
  tokens: TokenList;
  onChange(position: number): void;
}

function Token({ name, label, value, spans, tokens, onChange }: TokenProps) {
  return (
    <label class="aw-field">
      <span>{label}</span>
      <select
        name={name}
        value={value}
        onChange={(event) => onChange(Number(event.currentTarget.value))}
      >
        <TokenOptions
          {...{ tokens, first: spans.first, stop: spans.stop }}
          isDisabled={(at) => spans.gaps.includes(at)}
        />
      </select>
    </label>
  );
}

/** The reason why there is no span from one token to another. */
function obstacle(spans: SpanRange, tokens: TokenList, one: number, other: number): string {
  const [start, last] = [Math.min(one, other), Math.max(one, other)];
  if (start < spans.first) {
    return `Nothing stands before ${quoted(tokens.text[start] ?? "")}, so it is not predicted. Begin with a later token.`;
  }
  const gap = spans.gaps.find((at) => start <= at && at <= last);
  const name = tokenInWords(tokens, gap ?? last);
  return `The model gives ${name} no probability of its own. Choose tokens on one side of it.`;
}
