"""What was found of a run: the output of every sublayer, and the head of the model."""

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any, NamedTuple

from torch import Tensor

from attnwidget.capture.outputs.tags import Passage, Readout
from attnwidget.capture.outputs.tracked_call import TrackedCall
from attnwidget.capture.outputs.tracker import OutputTracker
from attnwidget.trace.frozen_norm import FrozenNorm
from attnwidget.trace.mapped_tensor import detached_copy
from attnwidget.trace.model_weight import ModelWeight
from attnwidget.trace.sublayer_output import SublayerOutput

NO_HEAD = "the logits of the model are no linear function of its residual stream"


class CapturedHead(NamedTuple):
    """How the logits of one entry depend on the residual stream.

    Attributes
    ----------
    last
        Index of the captured layer that was added to the stream last.
    residual
        (n, D), the stream at the top.
    norms
        The normalisations between it and the unembedding.
    weight
        (V, D), the unembedding.
    bias
        (V,), added to what the unembedding returns, times the scale.
    scale
        The factor on what the unembedding returns.
    capped
        True if a soft cap follows.
    position
        The one position that has logits, as of a classifier; None if all have.
    """

    last: int
    residual: Tensor
    norms: tuple[FrozenNorm, ...]
    weight: ModelWeight
    bias: Tensor | None
    scale: float
    capped: bool
    position: int | None


def sublayer_output(call: TrackedCall, entry: int) -> SublayerOutput | str:
    """Return what an attention call of one entry adds to the stream, or why it is not known."""
    if call.lack is not None or call.written is None:
        return call.lack or ""
    written, passage = call.written, call.passage
    return SublayerOutput(
        weight=ModelWeight(written.weight),
        bias=None if written.bias is None else ModelWeight(written.bias),
        norms=call.norms_of(written.norms, entry),
        residual=call.residuals[entry],
        after=call.norms_of(list(_before_others(passage)), entry),
        passage=call.norms_of([norm for norm in passage if norm is not None], entry),
    )


def find_readout(tracker: OutputTracker, output: Any) -> Readout | None:
    """Return how the logits that a model returned depend on its residual stream, if linearly."""
    found = (tracker.end_in(each) for each in _candidates(output))
    return next((each for each in found if each is not None), None)


def captured_head(
    tracker: OutputTracker,
    readout: Readout | None,
    places: Mapping[tuple[int, int] | None, int],
) -> CapturedHead | str:
    """Return the head of one entry, or why it is not known.

    Parameters
    ----------
    tracker
        What was followed in the run.
    readout
        How the logits depend on the residual stream.
    places
        For each result of an attention function, and an entry there, the index of its layer.
    """
    if readout is None or readout.residual.base is None:
        return NO_HEAD
    residual = readout.residual
    call = tracker.calls[residual.call]
    entry = next((place[1] for place in places if place and place[0] == residual.call), None)
    rows = call.rows_of(readout.residual.base)
    if rows is None or entry is None:
        return NO_HEAD
    scale, bias = 1.0, None if readout.bias is None else readout.bias.float().cpu()
    for norm in readout.norms:
        if norm.weight is not None or norm.factors is not None:
            return NO_HEAD
        scale *= norm.scale
        bias = (
            norm.bias
            if bias is None
            else norm.transform(bias) + (0 if norm.bias is None else norm.bias)
        )
    return CapturedHead(
        last=places[residual.call, entry],
        residual=detached_copy(rows[entry]),
        norms=call.norms_of(_trailing(residual.passage), entry),
        weight=ModelWeight(readout.weight),
        bias=bias,
        scale=scale,
        capped=readout.capped,
        position=None if residual.rows is None else residual.rows[entry],
    )


def _candidates(output: Any) -> Iterator[Tensor]:
    """Yield the tensors of an output that may be its logits."""
    named = output.get("logits") if isinstance(output, Mapping) else None
    first = output[0] if isinstance(output, tuple) and output else None
    for each in (named, getattr(output, "logits", None), output, first):
        if isinstance(each, Tensor):
            yield each


def _before_others(passage: Passage) -> Iterator[FrozenNorm]:
    for norm in takewhile(lambda each: each is not None, passage):
        if norm is not None:
            yield norm


def _trailing(passage: Passage) -> list[FrozenNorm]:
    """Return the normalisations that end a passage."""
    return list(_before_others(passage[::-1]))[::-1]
