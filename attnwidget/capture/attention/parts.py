"""Tell tiles and images, which are parts of an input, from windows within one."""

from collections import Counter
from collections.abc import Sequence
from math import prod

from torch import Tensor

from attnwidget.capture.attention.located_layer import LocatedLayer
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.model.loaded_model import LoadedModel


def check_parts(model: LoadedModel, inputs: ModelInputs, layers: Sequence[LocatedLayer]) -> None:
    """Refuse attention within windows, which is no map of the whole input.

    Parts are right where the inputs have as many: tiles of an image, several images, chunks of a
    sound.

    Raises
    ------
    ValueError
        A module attends within more parts than any input has.
    """
    known = {number for each in inputs.tensors.values() for number in _numbers(each)}
    counts: Counter[str] = Counter()
    for each in layers:
        counts[each.path] = max(counts[each.path], each.part + 1)
    for path, count in counts.items():
        if count > 1 and count not in known:
            raise ValueError(
                f"{model.class_name} attends within {count} separate entries in "
                f"{path or 'a layer'}, and no input has so many. Pass batch_index to choose one "
                "entry of a batch; a model that cuts its input into windows cannot be shown as one "
                "map."
            )


def _numbers(value: object) -> set[int]:
    """Return the numbers of images, sounds or texts that an input may hold."""
    if not isinstance(value, Tensor) or value.ndim < 2:
        return set()
    # An image has three axes, and there may be one of tiles or frames before them; ids have one,
    # and there may be one of choices.
    own = 1 if not value.is_floating_point() else 3
    return {len(value), prod(value.shape[:-own])}
