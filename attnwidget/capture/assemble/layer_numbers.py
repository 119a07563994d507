"""Say which of a model's own layers the layers of a stream are."""

from collections.abc import Sequence
from itertools import pairwise

from torch import nn

from attnwidget.capture.assemble.call_groups import CallGroup
from attnwidget.capture.attention.located_layer import LocatedLayer


def layer_numbers(
    group: CallGroup, layers: Sequence[LocatedLayer], model: nn.Module
) -> tuple[int, ...] | None:
    """Return the model's own number of each layer of a stream.

    The number is a module's place in the first list that it lies in. None if all modules of the
    list have attention, be it in other streams, or the modules do not tell.
    """
    numbers = _numbers(group, layers)
    if numbers is None:
        return None
    own, _ = _place(layers[group.layers[0][0]].path)
    found = [_place(each.path) for each in layers]
    attending = {place for container, place in found if container == own}
    return None if len(attending) == _total(group, layers, model) else numbers


def _numbers(group: CallGroup, layers: Sequence[LocatedLayer]) -> tuple[int, ...] | None:
    found = [_place(layers[parts[0]].path) for parts in group.layers]
    lists = {container for container, _ in found}
    numbers = tuple(number for _, number in found)
    is_rising = all(low < high for low, high in pairwise(numbers))
    return numbers if len(lists) == 1 and is_rising and numbers[0] >= 0 else None


def passed_over(group: CallGroup, layers: Sequence[LocatedLayer], model: nn.Module) -> str | None:
    """Return a note on the layers of a model that have no attention, None if all have it."""
    numbers = layer_numbers(group, layers, model)
    if numbers is None:
        return None
    total = _total(group, layers, model)
    own = ", ".join(map(str, numbers))
    counted = "is layer 0" if len(numbers) == 1 else f"are layers 0 to {len(numbers) - 1}"
    return (
        f"attention is computed in {len(numbers)} of the {total} layers of {group.name!r}: {own}, "
        f"which {counted} for Python; what the others do is passed over"
    )


def _total(group: CallGroup, layers: Sequence[LocatedLayer], model: nn.Module) -> int:
    """Return the number of modules of the list that the layers of a group lie in."""
    container, _ = _place(layers[group.layers[0][0]].path)
    return len(list(model.get_submodule(container).children()))


def _place(path: str) -> tuple[str, int]:
    """Return the path of the first list that a module lies in, and its place there; -1 if none."""
    parts = path.split(".")
    for place, part in enumerate(parts):
        if part.isdecimal():
            return ".".join(parts[:place]), int(part)
    return "", -1
