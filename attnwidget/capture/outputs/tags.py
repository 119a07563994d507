"""Tags of tensors: how a tensor of a run depends on the attention that came before it."""

from dataclasses import dataclass, replace
from typing import TypeAlias

from torch import Tensor

from attnwidget.trace.frozen_norm import FrozenNorm

Passage: TypeAlias = tuple[FrozenNorm | None, ...]
"""The way of the residual stream: normalisations, and None where something else is added."""


@dataclass(frozen=True, eq=False)
class Context:
    """The result of an attention function, in any layout.

    Attributes
    ----------
    call
        Index of the attention call.
    """

    call: int


@dataclass(frozen=True, eq=False)
class Written:
    """A linear image of a context, on its way to the residual stream.

    Attributes
    ----------
    call
        Index of the attention call.
    weight
        (D, H * d_v), the projection.
    bias
        (D,)
    norms
        The normalisations since.
    has_others
        True if the results of other sublayers are in the sum already, as in a parallel block.
    """

    call: int
    weight: Tensor
    bias: Tensor | None = None
    norms: tuple[FrozenNorm, ...] = ()
    has_others: bool = False

    def through(self, norm: FrozenNorm) -> "Written | None":
        """Return the tag after a normalisation; None if it covers other sublayers too."""
        return None if self.has_others else replace(self, norms=(*self.norms, norm))


@dataclass(frozen=True, eq=False)
class Residual:
    """The residual stream after an attention sublayer.

    Attributes
    ----------
    call
        Index of the last attention call that was added.
    passage
        The way since.
    base
        The stream before the normalisations that end the passage; None for a new sum.
    rows
        The one query of each entry that was selected, as a classifier does; None for all of them.
    """

    call: int
    passage: Passage = ()
    base: Tensor | None = None
    rows: tuple[int, ...] | None = None

    def through(self, norm: FrozenNorm) -> "Residual | None":
        """Return the tag after a normalisation; None after one of selected queries alone."""
        if self.rows is not None:
            return None
        return replace(self, passage=(*self.passage, norm))


@dataclass(frozen=True, eq=False)
class Readout:
    """A linear image of the residual stream: logits, if it is the last one.

    Attributes
    ----------
    residual
        The stream that it reads.
    weight
        (V, D)
    bias
        (V,)
    norms
        The scalings since.
    capped
        True if a soft cap follows.
    """

    residual: Residual
    weight: Tensor
    bias: Tensor | None = None
    norms: tuple[FrozenNorm, ...] = ()
    capped: bool = False

    def through(self, norm: FrozenNorm) -> "Readout":
        """Return the tag after a scaling."""
        return replace(self, norms=(*self.norms, norm))


Tag: TypeAlias = Context | Written | Residual | Readout
