"""The trace of a run with other tokens."""

from dataclasses import fields, replace
from functools import partial

import torch

from attnwidget.capture.attention.capture_attention import CapturedAttention, capture_attention
from attnwidget.capture.changes.token_ids import with_tokens
from attnwidget.capture.gradients.rerun import Rerun
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.model.model_state import evaluation_mode
from attnwidget.trace.reruns import Change
from attnwidget.trace.stream import Stream
from attnwidget.trace.tokens import Tokens


def captured_with(rerun: Rerun, change: Change) -> tuple[ModelInputs, CapturedAttention]:
    """Run a model with other tokens, and return its inputs and what was captured.

    Raises
    ------
    ValueError
        The keys of the stream are not read from token ids, or attention is cut in every run.
    """
    if rerun.cuts:
        raise ValueError(
            "Tokens are replaced before attention is cut, and this trace is of a run that was cut. "
            "Replace them in the trace without cuts, and cut the result with attnwidget.knockout."
        )
    inputs = with_tokens(rerun, rerun.inputs, rerun.inputs.entry, change)
    strategy = rerun.strategy
    modules = strategy.keywords["pattern"] if isinstance(strategy, partial) else None
    with torch.no_grad(), evaluation_mode(rerun.model.module):
        (captured,) = capture_attention(rerun.model, inputs, [rerun.batch_index], modules)
    return inputs, captured


def renamed(shown: Stream, before: Stream, after: Stream) -> Stream:
    """Return the stream after, whose tokens have the names that are shown where they are the same.

    Parameters
    ----------
    shown
        The stream before with the names that it is shown with.
    before, after
        The streams with the names that they were captured with.
    """
    return replace(
        after,
        queries=_named(shown.queries, before.queries, after.queries),
        keys=_named(shown.keys, before.keys, after.keys),
    )


def _named(shown: Tokens, before: Tokens, after: Tokens) -> Tokens:
    is_same = [one == other for one, other in zip(before.raw, after.raw, strict=True)]
    # The model wrote none of the tokens that stand in place of others.
    after = replace(after, written=(False,) * len(after))
    columns = ((getattr(shown, each.name), getattr(after, each.name)) for each in fields(Tokens))
    return Tokens(
        *(
            tuple(a if same else b for same, a, b in zip(is_same, known, new, strict=True))
            for known, new in columns
        )
    )
