"""Tell gradients of a sum that is constant from those of one that is not."""

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

SMALL = 1e-3
"""Largest gradient that may be noise; larger ones are not looked at."""

NOISE = 1e-5
"""Largest share of the gradients of single numbers that rounding leaves of those of their sum."""


def check_noise(
    gradients: Sequence[Tensor | None], hidden: Tensor | None, tensors: Sequence[Tensor]
) -> None:
    """Refuse gradients of the sum of a hidden state that are nothing but rounding.

    A norm whose gains are all alike, as in a freshly made model, brings every vector to one sum.

    Parameters
    ----------
    gradients
        The gradients of the sum by each of some tensors.
    hidden
        The last hidden state, with a graph.
    tensors
        The tensors.

    Raises
    ------
    ValueError
        The same hidden state with signs drawn at random depends on the tensors far more.
    """
    largest = _largest(gradients)
    if hidden is None or largest > SMALL:
        return
    generator = torch.Generator().manual_seed(0)
    signs = torch.randint(0, 2, hidden.shape, generator=generator).to(hidden) * 2 - 1
    mixed = torch.autograd.grad((hidden * signs).sum(), tensors, allow_unused=True)
    if largest < NOISE * _largest(mixed):
        raise ValueError(
            "The sum of the last hidden state does not change with the attention of any layer: it "
            "comes from a norm whose gains are all alike, as in a model that was not trained, "
            "which gives every vector the same sum. Name another target, such as a function of the "
            "output: target=lambda output: …, or load trained weights."
        )


def _largest(gradients: Iterable[Tensor | None]) -> float:
    return max((float(each.abs().max()) for each in gradients if each is not None), default=0.0)
