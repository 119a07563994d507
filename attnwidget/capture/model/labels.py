"""The labels of the classes that a model predicts."""

from collections.abc import Mapping
from typing import Any

from torch import nn


def class_labels(module: nn.Module, config: Any, *, is_pretrained: bool) -> Mapping[int, str]:
    """Return the label of each class, empty if no config names them.

    Parameters
    ----------
    module
        The model. One of no library has the labels of a model in it, if one of its layers has as
        many outputs.
    config
        Its own config, None without one.
    is_pretrained
        True for a transformers model.
    """
    if is_pretrained:
        return _labels_in(config)
    parts = list(module.modules())
    widths = {getattr(each, "out_features", None) for each in parts}
    configs = [config, *(getattr(each, "config", None) for each in parts)]
    found = (_labels_in(each) for each in configs)
    named = (each for each in found if len(each) in widths and not are_numbers(each))
    return next(named, {})


def are_numbers(labels: Mapping[int, str]) -> bool:
    """Return whether labels are those of a config that names no classes."""
    return all(str(label) == f"LABEL_{index}" for index, label in labels.items())


def _labels_in(config: Any) -> Mapping[int, str]:
    labels = getattr(config, "id2label", None)
    return labels if isinstance(labels, Mapping) else {}
