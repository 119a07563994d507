"""Small models of any architecture, with inputs that they run on."""

from __future__ import annotations

import inspect
from typing import Any

import torch
import transformers
from torch import Tensor, nn

from scripts.architectures.fitting_inputs import fitting_inputs
from scripts.architectures.model_classes import model_classes
from scripts.architectures.small_config import small_config
from scripts.architectures.unmade import UNMADE, NotMadeError
from scripts.architectures.ways import WAYS

PART = "no model of its own: a part of another one"
"""The reason why a part of a model was not made."""

MOST_WEIGHTS = 100_000_000
"""Most weights of a model that counts as small."""


def running(model_type: str) -> tuple[nn.Module, dict[str, Tensor]]:
    """Return a small model with inputs that it runs on.

    Raises
    ------
    NotMadeError
        No class makes a model of the config, or it is known why there is none here.
    Exception
        What the first way to make one raised, if all of them raise.
    """
    if model_type in UNMADE:
        raise NotMadeError(UNMADE[model_type])
    kind = transformers.CONFIG_MAPPING[model_type]
    classes = model_classes(kind)
    if not classes:
        raise NotMadeError(PART)
    faults: list[Exception] = []
    for way in WAYS:
        for each in classes:
            try:
                config = small_config(kind, way)
                model = _made(each, config)
                try:
                    return model, fitting_inputs(model, uncached(model))
                except OverflowError:  # with weights that are that large
                    model = _made(each, config, is_spread=False)
                    return model, fitting_inputs(model, uncached(model))
            except (TimeoutError, ImportError):
                raise
            except Exception as error:  # models fail in every way
                faults.append(error)
    raise faults[0]


def _made(
    kind: type[transformers.PreTrainedModel],
    config: transformers.PreTrainedConfig,
    *,
    is_spread: bool = True,
) -> nn.Module:
    """Return a model, its weights so large that attention is far from uniform if `is_spread`."""
    if not isinstance(config, kind.config_class):
        config = config.get_text_config(decoder=True)
    with torch.device("meta"):
        size = sum(weights.numel() for weights in kind._from_config(config).parameters())
    if size > MOST_WEIGHTS:
        raise NotMadeError(f"no small config was found: the smallest has {size:,} weights")
    torch.manual_seed(0)
    model: nn.Module = kind._from_config(config).eval()
    with torch.no_grad():
        for weights in model.parameters() if is_spread else ():
            if weights.ndim > 1 and weights.is_floating_point():
                weights.normal_(0, min(0.2, weights.shape[-1] ** -0.5))
    return model


def uncached(model: Any) -> dict[str, bool]:
    """Return the options without a cache, with which some decoders expect one token at a time."""
    return (
        {"use_cache": False} if "use_cache" in inspect.signature(model.forward).parameters else {}
    )
