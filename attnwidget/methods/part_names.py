"""Name what stands between the heads of a model in which not every layer has attention."""

from collections.abc import Sequence
from itertools import pairwise


def below_in_words(numbers: Sequence[int]) -> str:
    """Return ``"embedding and layers 0 to 2"``: all that comes before the first attention.

    Parameters
    ----------
    numbers
        The model's own numbers of the layers with attention, rising.
    """
    if numbers[0] == 0:
        return "embedding"
    return f"embedding and {_span(0, numbers[0] - 1)}"


def rests_in_words(numbers: Sequence[int]) -> list[str]:
    """Return ``"layers 3 to 6 but for heads"`` for each layer: up to the next attention.

    Parameters
    ----------
    numbers
        The model's own numbers of the layers with attention, rising.
    """
    rests = [f"{_span(low, high - 1)} but for heads" for low, high in pairwise(numbers)]
    return [*rests, f"layers {numbers[-1]} and above but for heads"]


def _span(first: int, last: int) -> str:
    return f"layer {first}" if first == last else f"layers {first} to {last}"
