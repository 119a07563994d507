"""Small models of any architecture, with inputs that they run on."""

from __future__ import annotations

import inspect
from typing import Any

import torch
import transformers
from torch import Tensor, nn

from scripts.architectures.small_config import UNSHRUNK, small_config

PART = "no model of its own: a part of another one"
"""The reason why a part of a model was not made."""

MOST_WEIGHTS = 200_000_000
"""Most weights of a model that counts as small."""

FAMILIES = (
    "AutoModelForCausalLM",
    "AutoModelForSeq2SeqLM",
    "AutoModelForSpeechSeq2Seq",
    "AutoModelForImageTextToText",
    "AutoModelForMaskedLM",
    "AutoModelForImageClassification",
    "AutoModelForAudioClassification",
    "AutoModelForCTC",
    "AutoModelForObjectDetection",
    "AutoModel",
)
"""The families of models to take an architecture from, those that predict something first."""

PREFIXED = ("paligemma", "colpali")
"""Models that need to be told which tokens attend to each other both ways."""


def running(model_type: str) -> tuple[nn.Module, dict[str, Tensor]]:
    """Return a small model with inputs that it runs on."""
    faults = []
    for kept in UNSHRUNK:
        try:
            model = _made(small_config(transformers.CONFIG_MAPPING[model_type], kept))
        except TimeoutError:
            raise
        except Exception as error:  # models fail in every way
            faults.append(error)
            continue
        for inputs in (
            _inputs(model),
            _inputs(model, "pixel_values") | _inputs(model, "input_ids"),
        ):
            try:
                with torch.no_grad():
                    model(**inputs, **uncached(model))
                return model, inputs
            except TimeoutError:
                raise
            except Exception as error:
                faults.append(error)
    raise faults[0]


def _made(config: transformers.PreTrainedConfig) -> nn.Module:
    families = (getattr(transformers, name) for name in FAMILIES)
    kind = next((each for each in families if type(config) in each._model_mapping), None)
    if kind is None:
        raise ValueError(PART)
    with torch.device("meta"):
        size = sum(weights.numel() for weights in kind.from_config(config).parameters())
    if size > MOST_WEIGHTS:
        raise ValueError(f"too large: {size:,} weights")
    torch.manual_seed(0)
    model: nn.Module = kind.from_config(config).eval()
    with torch.no_grad():
        for weights in model.parameters():
            if weights.ndim > 1 and weights.is_floating_point():
                weights.normal_(0, min(0.2, weights.shape[-1] ** -0.5))
    return model


def _inputs(model: Any, main: str | None = None) -> dict[str, Tensor]:
    """Return small inputs of the kind that a model reads, or of another kind."""
    draw = torch.Generator().manual_seed(0)
    main = str(getattr(model, "main_input_name", "input_ids")) if main is None else main
    config = model.config
    if main == "pixel_values":
        vision = getattr(config, "vision_config", config)
        size = getattr(vision, "image_size", 32)
        height, width = (size, size) if isinstance(size, int) else tuple(size)[-2:]
        channels = getattr(vision, "num_channels", 3)
        made = {main: torch.randn(1, channels, height, width, generator=draw)}
    elif main in ("input_features", "input_values"):
        bins = getattr(config, "num_mel_bins", None)
        positions = getattr(config, "max_source_positions", 50)
        shape = (1, bins, 2 * positions) if bins and main == "input_features" else (1, 4000)
        made = {main: torch.randn(*shape, generator=draw)}
    else:
        words = min(getattr(config, "vocab_size", None) or 60, 60)
        made = {"input_ids": torch.randint(5, words, (1, 9), generator=draw)}
        if getattr(config, "model_type", "") in PREFIXED:
            made["token_type_ids"] = torch.zeros(1, 9, dtype=torch.long)
    if getattr(config, "is_encoder_decoder", False) and main != "pixel_values":
        made["decoder_input_ids"] = torch.randint(5, 60, (1, 5), generator=draw)
    return made


def uncached(model: nn.Module) -> dict[str, bool]:
    """Return the options without a cache, with which some decoders expect one token at a time."""
    return {"use_cache": False} if _accepts(model, "use_cache") else {}


def _accepts(model: nn.Module, name: str) -> bool:
    parameters = inspect.signature(model.forward).parameters
    return name in parameters or any(
        each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters.values()
    )
