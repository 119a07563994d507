"""What one trace is asked: a target, the tokens that may be deleted, and where they are scored."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from attnwidget.methods.rerunning import reruns_of
from attnwidget.trace import Stream, Target, Trace
from attnwidget.trace.gradients import needed
from attnwidget.trace.indexing import resolve_index
from attnwidget.trace.query_strengths import query_strengths
from attnwidget.trace.reruns import Reruns

Truth: TypeAlias = int | Iterable[int] | None
"""The key, or the keys, that the prediction was read off; one of several is enough."""


@dataclass(frozen=True)
class Question:
    """One trace with a definite target.

    Attributes
    ----------
    trace
        The trace, whose gradients are those of the target.
    stream
        The stream whose keys are scored: the cross attention of an encoder-decoder.
    queries
        The positions whose outputs the target reads.
    candidates
        The keys that may be deleted: all but special tokens, the positions that the target reads
        (unless it reads all of them), and what comes after them in a causal model.
    truth
        The true sources among the keys; empty if unknown.
    """

    trace: Trace
    stream: Stream
    queries: tuple[int, ...]
    candidates: tuple[int, ...]
    truth: frozenset[int] = frozenset()

    @property
    def reruns(self) -> Reruns:
        """Runs the model again."""
        return reruns_of(self.trace, "faithfulness")

    @property
    def unit(self) -> str:
        """The unit of the target's falls."""
        target = self.trace.target
        kind = "" if target is None or callable(target) else target[0]
        return {"log_prob": "nats", "span": "nats", "logit": "logits", "contrast": "logits"}.get(
            kind, "units of the target"
        )


def question_of(
    trace: object, truth: Truth = None, *, target: Target = None, stream: str | None = None
) -> Question:
    """Return what a trace is asked.

    Raises
    ------
    IndexError
        A true source is no key of the stream.
    ValueError
        The trace cannot run its model again, has no such stream, has fewer than two tokens to
        delete, or a true source is none of them.
    """
    if not isinstance(trace, Trace):
        raise ValueError(
            f"traces must be what attnwidget.capture returns, but a {type(trace).__name__} was "
            "given. Pass attnwidget.capture(model, texts), or a list of traces."
        )
    reruns_of(trace, "faithfulness")  # refuses a trace without a model
    aimed = trace.with_target(_definite(trace, target))
    chosen = _stream(aimed, stream)
    queries = _read(aimed, chosen)
    candidates = _candidates(chosen, queries)
    if len(candidates) < 2:
        raise ValueError(
            f"The text {' '.join(chosen.key_tokens)[:60]!r} has {len(candidates)} tokens that can "
            "be deleted, and at least 2 are needed to put them into an order. Leave it out."
        )
    return Question(aimed, chosen, queries, candidates, _sources(chosen, candidates, truth))


def _definite(trace: Trace, target: Target) -> Target:
    """Return the target with its position and index; by default the predicted log-probability."""
    aim = trace.target if target is None else target
    if aim is None:
        best = trace.predictions(top=1)
        if best.unit == "hidden":
            return ("hidden", None)
        has_probability = best.entries[0].probability is not None
        aim = ("log_prob" if has_probability else "logit", None, None)
    return reruns_of(trace, "faithfulness").definite(trace.with_target(aim).target)


def _stream(trace: Trace, name: str | None) -> Stream:
    if name is None:
        return trace["cross"] if "cross" in trace and "encoder" in trace else trace.stacks[0]
    if name not in trace:
        raise ValueError(f"stream must be one of {', '.join(trace)}, but {name!r} was given.")
    return trace[name]


def _read(trace: Trace, stream: Stream) -> tuple[int, ...]:
    """Return the positions whose outputs the target reads."""
    target = trace.target
    if target is not None and not callable(target):
        if target == ("hidden", None):
            return tuple(range(len(stream.queries)))
        positions = reruns_of(trace, "faithfulness").positions(target)
        if positions:
            return positions
    # In the top layer a query has a gradient only if its own output is read.
    top = needed(trace.gradients).of_layer(stream.name, stream.num_layers - 1)
    arriving = query_strengths(stream.layers[-1], top)
    return tuple(arriving.nonzero().flatten().tolist())


def _candidates(stream: Stream, queries: tuple[int, ...]) -> tuple[int, ...]:
    special = stream.keys.special
    free = [key for key in range(len(stream.keys)) if not special[key]]
    if stream.name == "cross":
        return tuple(free)
    if stream.causal and queries:
        free = [key for key in free if key <= max(queries)]
    others = [key for key in free if key not in queries]
    return tuple(others or free)


def _sources(stream: Stream, candidates: tuple[int, ...], truth: Truth) -> frozenset[int]:
    if truth is None:
        return frozenset()
    given = list(truth) if isinstance(truth, Iterable) else [truth]
    found = frozenset(resolve_index(each, len(stream.keys), "true source") for each in given)
    outside = sorted(found - set(candidates))
    if outside or not found:
        listed = ", ".join(f"{key} ({stream.key_tokens[key]!r})" for key in outside) or "none"
        raise ValueError(
            "A true source must be a token that can be deleted: no special token, not the position "
            f"that predicts, none after it in a causal model. Given: {listed}. For a text whose "
            "source is unknown pass None."
        )
    return found
