"""Refuse kinds of attention that have no weights of pairs of positions."""

from __future__ import annotations

from attnwidget.capture.model.loaded_model import LoadedModel

WITHOUT_MAPS: dict[str, tuple[str, str]] = {
    "AutoformerAttention": (
        "finds at which delays a series repeats itself",
        "There are no weights of pairs of positions to show.",
    ),
    "InformerProbSparseAttention": (
        "lets a few queries attend, chosen by keys that are drawn, and gives the others a mean",
        "Make the model with attention_type='full' in its config.",
    ),
}
"""Names of classes of attention, what each does in place of a map, and the way out."""


def check_maps(model: LoadedModel) -> None:
    """Refuse a model with attention that has no map.

    Raises
    ------
    ValueError
        A module is of a class in `WITHOUT_MAPS`.
    """
    for path, module in model.module.named_modules():
        kind = type(module).__name__
        if kind in WITHOUT_MAPS:
            does, advice = WITHOUT_MAPS[kind]
            raise ValueError(
                f"{path or 'The module'} of {model.class_name} is of class {kind}, which {does}. "
                f"{advice}"
            )
