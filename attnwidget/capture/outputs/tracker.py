"""Follow the result of every attention to the residual stream, and the stream to the head."""

import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from attnwidget.capture.outputs import operations
from attnwidget.capture.outputs.tags import Context, Readout, Residual, Tag, Written
from attnwidget.capture.outputs.tracked_call import (
    GATED,
    NO_RESIDUAL,
    NO_SUM,
    TrackedCall,
)
from attnwidget.trace.frozen_norm import FrozenNorm


class OutputTracker(TorchFunctionMode):
    """Tags what is made of the result of each attention, while a model runs.

    The result of an attention function is projected, perhaps scaled or normalised, and added to the
    residual stream; the stream goes on through normalisations and sums to the next attention, and
    at the end to the head. Whatever else happens to a tensor ends its tag.
    """

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[TrackedCall] = []
        self._tags: dict[int, tuple[weakref.ref[Tensor], Tag]] = {}
        self._new: dict[int, weakref.ref[Tensor]] = {}
        self._is_open = False

    def add_context(
        self, context: Tensor, heads_first: Callable[[Tensor], Tensor], entries: Sequence[int]
    ) -> None:
        """Begin with the result of an attention function.

        Parameters
        ----------
        context
            The result, in any layout.
        heads_first
            Turns it into (B, H, n_q, d_v).
        entries
            The entries to keep.
        """
        self._tags = {
            place: each for place, each in self._tags.items() if isinstance(each[1], Residual)
        }
        self._new.clear()
        self._is_open = True
        self.calls.append(TrackedCall.of(context, heads_first, entries))
        self._set(context, Context(len(self.calls) - 1))

    def end_in(self, logits: Tensor) -> Readout | None:
        """End with the logits of a run; return how they depend on the residual stream."""
        tag = self._tag(logits)
        if not isinstance(tag, Readout):
            return None
        passage = tag.residual.passage
        while passage and passage[-1] is not None:  # the norms of the head
            passage = passage[:-1]
        self.calls[tag.residual.call].passage = passage
        return tag

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: object,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Call `func`, and tag what it returns."""
        options = kwargs or {}
        if not self._tags:
            return func(*args, **options)
        # An operation in place overwrites what it reads, so the tag comes first.
        tag = self._tag_of_result(getattr(func, "__name__", ""), args, options)
        result = func(*args, **options)
        if isinstance(result, Tensor):
            if self._is_open:
                self._new[id(result)] = weakref.ref(result)
            if tag is not None:
                self._set(result, tag)
        return result

    def _tag_of_result(
        self, name: str, args: tuple[Any, ...], options: dict[str, Any]
    ) -> Tag | None:
        linear = operations.projection(name, args, options)
        if linear is not None:
            return self._projected(*linear)
        tag = self._tag(args[0]) if args else None
        other = self._tag(args[1]) if len(args) > 1 else None
        if tag is None and other is None:
            return None
        if name in operations.ADD and options.get("alpha", 1) == 1 and len(args) == 2:
            return self._added(args[0], tag, args[1], other)
        if name in operations.MULTIPLY:
            if tag is None:
                return self._scaled(args[1], other, args[0])
            return self._scaled(args[0], tag, args[1])
        if tag is None:
            return None
        if name == "__getitem__":
            return _indexed(tag, args[0], args[1])
        if name in operations.SAME_NUMBERS:
            return tag
        if name == "tanh" and isinstance(tag, Readout):
            return replace(tag, capped=True)
        if name in operations.DIVIDE:
            return self._scaled(args[0], tag, args[1], inverse=True)
        if name in operations.SUBTRACT:
            return _through(tag, operations.as_centring(args[0], args[1]))
        if name == "layer_norm":
            return _through(tag, operations.layer_norm(args, options))
        if name == "rms_norm":
            return _through(tag, operations.rms_norm(args, options))
        return None

    def _projected(self, tensor: Tensor, weight: Tensor, bias: Tensor | None) -> Tag | None:
        tag = self._tag(tensor)
        if isinstance(tag, Context):
            call = self.calls[tag.call]
            if not call.fits(weight):
                return None
            call.lack = NO_RESIDUAL
            return Written(tag.call, weight.detach(), None if bias is None else bias.detach())
        if isinstance(tag, Residual):
            return Readout(tag, weight.detach(), None if bias is None else bias.detach())
        if isinstance(tag, Written) and not tag.has_others and not tag.norms:  # a low-rank product
            first = tag.bias if tag.bias is None else weight @ tag.bias
            sums = [each for each in (first, bias) if each is not None]
            return Written(tag.call, weight @ tag.weight, sum(sums[1:], sums[0]) if sums else None)
        return None

    def _scaled(
        self, tensor: Tensor, tag: Tag | None, factor: object, *, inverse: bool = False
    ) -> Tag | None:
        if isinstance(tag, Context):
            self.calls[tag.call].lack = GATED
            return None
        return _through(tag, operations.as_scaling(tensor, factor, inverse=inverse))

    def _added(self, first: Any, tag: Tag | None, second: Any, other: Tag | None) -> Tag | None:
        if isinstance(other, Written) or not isinstance(tag, (Written, Residual, Readout)):
            first, tag, second, other = second, other, first, tag
        bias = operations.as_bias(first, second) if isinstance(first, Tensor) else None
        if bias is not None:
            return _through(tag, bias)
        if not isinstance(second, Tensor) or first.shape != second.shape:
            return None
        if isinstance(tag, Written):
            if isinstance(other, Written):
                return _sum(tag, other)
            return self._joined(tag, first, second, other)
        if not isinstance(tag, Residual):
            return None
        if isinstance(other, Residual):
            return self._corrected(tag, first, other, second)
        passage = (*tag.passage, None)
        self.calls[tag.call].passage = passage
        return replace(tag, passage=passage, base=None)

    def _joined(
        self, written: Written, tensor: Tensor, other: Tensor, tag: Tag | None
    ) -> Tag | None:
        """Return the tag of what a sublayer writes plus something else."""
        call = self.calls[written.call]
        if not written.has_others and not call.verify(tensor, written):
            call.lack = NO_SUM
            return None
        if isinstance(tag, Residual) and tag.call != written.call:
            return self._added_to_stream(written, other, tag)
        if tag is None and not self._is_new(other):
            return self._added_to_stream(written, other, None)
        return replace(written, has_others=True)

    def _added_to_stream(self, written: Written, stream: Tensor, tag: Residual | None) -> Tag:
        self.calls[written.call].add(written, stream, None if tag is None else tag.call)
        if tag is not None:
            self.calls[tag.call].passage = tag.passage
        return Residual(written.call, (None,) if written.has_others else ())

    def _corrected(
        self, first: Residual, tensor: Tensor, second: Residual, other: Tensor
    ) -> Tag | None:
        """Return the tag of a sum of two streams.

        The later one is what a sublayer wrote plus the result of a parallel one, which was taken
        for the residual stream.
        """
        if first.call < second.call:
            first, tensor, second, other = second, other, first, tensor
        call = self.calls[first.call]
        if first.call == second.call or call.below is not None or call.written is None:
            return None
        if any(norm is not None for norm in first.passage):
            return None
        return self._added_to_stream(replace(call.written, has_others=True), other, second)

    def _tag(self, value: object) -> Tag | None:
        found = self._tags.get(id(value))
        return found[1] if found is not None and found[0]() is value else None

    def _set(self, tensor: Tensor, tag: Tag) -> None:
        if isinstance(tag, Residual) and tag.base is None:
            # A new sum: the stream goes on from here, and what led to it is of no more use.
            self._tags.clear()
            self._new.clear()
            self._is_open = False
            tag = replace(tag, base=tensor)
        self._tags[id(tensor)] = (weakref.ref(tensor), tag)

    def _is_new(self, tensor: Tensor) -> bool:
        """Return whether a tensor was made since the last attention."""
        found = self._new.get(id(tensor))
        return found is not None and found() is tensor


def _indexed(tag: Tag, tensor: Tensor, index: object) -> Tag | None:
    """Return the tag of what an index takes: everything, or one query of each entry."""
    if operations.takes_everything(tensor, index):
        return tag
    rows = operations.selected_rows(tensor, index)
    if rows is None:
        return None
    if isinstance(tag, Residual) and tag.rows is None:
        return replace(tag, rows=rows)
    if isinstance(tag, Readout) and tag.residual.rows is None:
        return replace(tag, residual=replace(tag.residual, rows=rows))
    return None


def _through(tag: Tag | None, norm: FrozenNorm | None) -> Tag | None:
    return None if norm is None or tag is None or isinstance(tag, Context) else tag.through(norm)


def _sum(first: Written, second: Written) -> Written | None:
    """Return the sum of two images of one context, as of a projection and its adapter."""
    parts = [_folded(first), _folded(second)]
    if first.call != second.call or any(part is None for part in parts):
        return None
    (weight, bias), (other, more) = (part for part in parts if part is not None)
    biases = [each for each in (bias, more) if each is not None]
    return Written(first.call, weight + other, torch.stack(biases).sum(0) if biases else None)


def _folded(written: Written) -> tuple[Tensor, Tensor | None] | None:
    """Return the projection with its scalings in it, None if they are no mere numbers."""
    weight, bias = written.weight, written.bias
    for norm in written.norms:
        if norm.centred or not (norm.weight is norm.factors is norm.bias is None):
            return None
        weight, bias = weight * norm.scale, None if bias is None else bias * norm.scale
    return None if written.has_others else (weight, bias)
