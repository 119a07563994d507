"""Compare a trace with the attention that the model itself returns."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import torch
from torch import Tensor

from attnwidget import Trace
from attnwidget.trace import Stream, TiledLayer
from attnwidget.trace.windowed import WindowedLayer
from scripts.architectures.small_model import uncached
from scripts.architectures.softmaxes import Softmaxes
from scripts.architectures.unreturned import has_size_of_any, is_among, is_nearly_uniform

Place: TypeAlias = tuple[Stream, int]
"""A layer of a stream."""

TOLERANCE = 5e-5
"""Largest difference from eager attention."""

APART = 1e-3
"""Least difference of the weights of a row that lets layers be told apart."""

AMBIGUOUS = 1e-3
"""Difference of two outputs, as a share of the largest number, that is none of rounding."""

FIELDS = {
    "attentions": ("self", "text", "decoder"),
    "encoder_attentions": ("encoder",),
    "decoder_attentions": ("decoder",),
    "cross_attentions": ("cross",),
}
"""Where models return attention, and the streams that it is."""


def made_eager(model: Any) -> Any:
    """Return the same model, made with eager attention: some cannot be switched.

    None for a model that cannot be made so.
    """
    config = copy.deepcopy(model.config)
    try:
        eager = type(model)._from_config(config, attn_implementation="eager").eval()
        eager.load_state_dict(model.state_dict())
    except TimeoutError:
        raise
    except Exception:  # models fail in every way
        return None
    return eager


@torch.no_grad()
def output_of(model: Any, inputs: dict[str, Tensor], **options: bool) -> Any:
    """Return what a model returns."""
    torch.manual_seed(0)  # some models draw what they look at
    return model(**inputs, **uncached(model), **options)


def own_attention(model: Any, inputs: dict[str, Tensor]) -> tuple[Any, list[Tensor]]:
    """Return what a model returns with its attention, and what its softmaxes return.

    The first is None for a model that does not return attention, or no numbers with it.
    """
    if model is None:
        return None, []
    for options in ({"output_attentions": True}, {}):
        softmaxes = Softmaxes()
        try:
            with softmaxes:
                output = output_of(model, inputs, **options)
            returned = output if options and is_number(output) else None
        except TimeoutError:
            raise
        except Exception:  # models fail in every way
            continue
        return returned, softmaxes.found
    return None, []


def is_number(output: Any) -> bool:
    """Return whether an output is finite; some models overflow with eager attention."""
    first = _first(output)
    return first is None or not bool(first.isnan().any())


def is_ambiguous(model: Any, eager: Any, inputs: dict[str, Tensor]) -> bool:
    """Return whether transformers itself computes other things with eager attention."""
    fused, own = (_first(output_of(each, inputs)) for each in (model, eager))
    if fused is None or own is None:
        return False
    return bool((fused - own).abs().max() > AMBIGUOUS * fused.abs().max())


def _first(output: Any) -> Tensor | None:
    values = output.values() if isinstance(output, dict) else output
    tensors = (each for each in values if isinstance(each, Tensor))
    return next((each for each in tensors if each.is_floating_point()), None)


@dataclass(frozen=True)
class Difference:
    """How a trace differs from the attention that the model itself computes.

    Attributes
    ----------
    wrong
        What differs, empty if nothing does.
    returned
        Number of layers that were compared with what the model returned.
    softmaxes
        Number of layers that were compared with the softmaxes of the model alone.
    unseen
        Number of layers with nothing to compare them with.
    flat
        Number of layers whose weights are nearly uniform, which tells little.
    """

    wrong: str
    returned: int
    softmaxes: int
    unseen: int
    flat: int

    @property
    def compared(self) -> str:
        """What the layers were compared with, in words."""
        counts = {
            "returned": self.returned,
            "softmax": self.softmaxes,
            "nothing": self.unseen,
            "nearly uniform": self.flat,
        }
        return ", ".join(f"{name} ({count})" for name, count in counts.items() if count)

    @property
    def is_unchecked(self) -> bool:
        """Whether no layer could be compared with anything."""
        return not (self.wrong or self.returned or self.softmaxes)


def _returned(output: Any) -> Iterator[tuple[tuple[str, ...], list[Tensor]]]:
    decoder = getattr(output, "decoder_attentions", None) or ()
    decoded = [each.shape[-2] for each in decoder if isinstance(each, Tensor)]
    halves = [getattr(output, field, None) or () for field in ("attentions", "cross_attentions")]
    merged = [torch.cat(pair, -1) for pair in zip(*halves, strict=False) if _is_merged(pair)]
    if merged:
        yield FIELDS["cross_attentions"], merged
        return
    for field, streams in FIELDS.items():
        stack = getattr(output, field, None) or ()
        weights = [each for each in stack if isinstance(each, Tensor) and each.ndim == 4]
        if any(float(each.min()) < 0 for each in weights):
            continue  # what some models call attention is none
        if (
            field == "cross_attentions"
            and decoded
            and any(each.shape[-2] % decoded[0] for each in weights)
        ):
            continue  # of points that are sampled between tokens
        if weights and len(weights) == len(stack):
            yield streams, weights


def _is_merged(pair: tuple[Any, ...]) -> bool:
    """Return whether self and cross-attention of a layer are parts of the same rows."""
    if not all(isinstance(each, Tensor) and each.ndim == 4 for each in pair):
        return False
    shares = [each.sum(-1) for each in pair]
    if shares[0].shape != shares[1].shape or bool((shares[0] > 1 - TOLERANCE).all()):
        return False
    return bool(((shares[0] + shares[1] - 1).abs() < TOLERANCE).all())


def difference(trace: Trace, output: Any, softmaxes: Sequence[Tensor]) -> Difference:
    """Return how far a trace is from what the model returned, or else from its softmaxes."""
    left: list[Place] = []
    wrong = _from_returned(trace, output, left)
    numbers = Counter[str]()
    for stream in trace.stacks:
        for number in range(stream.num_layers):
            layer = stream.attention(number)
            numbers["flat"] += is_nearly_uniform(layer, APART)
            if wrong or (stream, number) not in left:
                continue
            is_tiled = isinstance(stream.layers[number], (TiledLayer, WindowedLayer))
            if is_among(layer, softmaxes, TOLERANCE, is_tiled=is_tiled):
                numbers["softmax"] += 1
            elif has_size_of_any(layer, softmaxes) and not is_tiled:
                wrong = f"layer {number} of {stream.name!r} is none of the softmaxes of the model"
            else:
                numbers["none"] += 1
    returned = sum(stream.num_layers for stream in trace.stacks) - len(left)
    return Difference(wrong, returned, numbers["softmax"], numbers["none"], numbers["flat"])


def _from_returned(trace: Trace, output: Any, left: list[Place]) -> str:
    """Return how far a trace is from what the model returned, empty if it is not.

    `left` becomes the layers that the model did not return.
    """
    left += [(stream, layer) for stream in trace.stacks for layer in range(stream.num_layers)]
    for streams, weights in _returned(output):
        numbers = trace.stacks[0].layer_numbers
        if len(weights) > len(left) and len(trace) == 1:  # those of other layers are no softmax
            weights = [weights[number] for number in numbers if number < len(weights)]
        fit = sum(_fits(each[0].name, streams) for each in left)
        is_mixed = len(weights) > fit  # self and cross-attention in one list
        for place, returned in enumerate(weights):
            if len(returned) != 1:
                continue  # several images or windows
            error_of = partial(_error, returned[0])
            same = [each for each in left if _size(each[0]) == returned.shape[1:]]
            fitting = [each for each in same if _fits(each[0].name, streams)] or same
            if not fitting and _has_windows(trace, streams):
                continue  # returned window by window
            if not fitting:
                return f"layer {place} of {streams[0]!r} is missing"
            # Of several streams that it may be, the one that it is, layer by layer.
            if len(weights) >= fit or len(trace) == 1:
                firsts = {stream.name: (stream, layer) for stream, layer in reversed(fitting)}
                fitting = list(firsts.values())  # else a model returns some layers of each stage
            first = best = min(fitting, key=error_of)
            if is_mixed and not error_of(best) <= TOLERANCE:
                best = min(same, key=error_of)
            error = error_of(best)
            if not error <= TOLERANCE:
                return f"layer {place} of {best[0].name!r} is off by {error:.2g}"
            if best == first:
                left.remove(best)
    return ""


def _has_windows(trace: Trace, streams: tuple[str, ...]) -> bool:
    fitting = [each for each in trace.stacks if _fits(each.name, streams)]
    return any(isinstance(layer, TiledLayer) for each in fitting for layer in each.layers)


def _fits(name: str, streams: tuple[str, ...]) -> bool:
    return any(name.startswith(each) or name.endswith(each) for each in streams)


def _error(expected: Tensor, place: Place) -> float:
    """Return the largest difference of a layer of a stream from what the model returned."""
    stream, layer = place
    found = stream.attention(layer)
    if float(found.sum(-1).min()) < 1 - TOLERANCE:  # sinks, which eager may apply later
        found = found / found.sum(-1, keepdim=True)
        expected = expected / expected.sum(-1, keepdim=True)
    rows = ~expected.isnan().any(-1)  # of a query that may attend to no key
    return float((found - expected.float())[rows].abs().max()) if bool(rows.any()) else float("nan")


def _size(stream: Stream) -> tuple[int, ...]:
    return stream.num_heads, len(stream.queries), len(stream.keys)
