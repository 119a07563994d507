"""Read the axes of attention weights and values from the equation of an einsum."""

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from torch import Tensor


@dataclass(frozen=True)
class Axes:
    """The orders of axes in which entries and heads come first.

    Attributes
    ----------
    weights
        Order of the weights' axes: (entries and heads, n_q, n_k).
    values, result
        Orders of the axes of the values (entries and heads, n_k, d_v), and of the result (entries
        and heads, n_q, d_v); None where these have other axes too.
    """

    weights: tuple[int, ...]
    values: tuple[int, ...] | None
    result: tuple[int, ...] | None


def axes_of(equation: str, factors: Sequence[Tensor], place: int) -> Axes | None:
    """Return the axes of an einsum of weights and values, None if it is another product.

    Parameters
    ----------
    equation
        The equation.
    factors
        Both factors.
    place
        Which of them holds the weights.
    """
    sides = equation.replace(" ", "").split("->")
    names = sides[0].split(",")
    if len(sides) != 2 or len(names) != 2:
        return None
    dots = [
        factor.ndim - len(name.replace("...", ""))
        for name, factor in zip(names, factors, strict=True)
    ]
    if "..." in equation and dots[0] != dots[1]:
        return None
    names = [name.replace("...", ascii_uppercase[: dots[0]]) for name in names]
    output = sides[1].replace("...", ascii_uppercase[: dots[0]])
    weights, values = names[place], names[1 - place]
    keys = [each for each in weights if each in values and each not in output]
    queries = [each for each in weights if each not in values and each in output]
    others = [each for each in weights if each in values and each in output]
    if len(keys) != 1 or len(queries) != 1 or len(weights) != len(others) + 2:
        return None
    # Of two axes that both factors share, the entries come first in what the module returns.
    others.sort(key=output.index)
    size = [each for each in values if each not in weights]
    is_plain = len(size) == 1 and sorted(output) == sorted([*others, *queries, *size])
    return Axes(
        tuple(map(weights.index, [*others, *queries, *keys])),
        tuple(map(values.index, [*others, *keys, *size])) if is_plain else None,
        tuple(map(output.index, [*others, *queries, *size])) if is_plain else None,
    )
