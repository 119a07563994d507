"""Try capture on one architecture, and compare it with the model's own eager attention."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import torch
import transformers
from torch import Tensor, nn

from attnwidget import Trace, capture
from scripts.architectures.small_config import small_config

Outcome: TypeAlias = Literal["exact", "dense", "refused", "wrong", "raw error", "not made", "none"]
"""What became of an architecture; "none" has no attention, "not made" has no small config here."""

TOLERANCE = 2e-5
"""Largest difference from eager attention."""

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

FIELDS = {
    "attentions": ("self", "text", "decoder"),
    "encoder_attentions": ("encoder",),
    "decoder_attentions": ("decoder",),
    "cross_attentions": ("cross",),
}
"""Where models return attention, and the streams that it is."""


@dataclass(frozen=True)
class Attempt:
    """The result for one architecture.

    Attributes
    ----------
    model_type
        Its name in transformers.
    name
        Name of the model's class, empty where none could be made.
    outcome
        What became of it.
    words
        The streams, or why not.
    """

    model_type: str
    name: str
    outcome: Outcome
    words: str


def attempt(model_type: str) -> Attempt:
    """Return what capture makes of an architecture."""
    try:
        model = _made(model_type)
    except Exception as error:
        return Attempt(model_type, "", "not made", _first_line(error))
    name = type(model).__name__
    if not _has_attention(model):
        return Attempt(model_type, name, "none", "no attention")
    inputs = _inputs(model)
    expected: Any = None
    try:
        expected = _eager(model, inputs)
    except Exception as error:
        if not _runs(model, inputs):
            return Attempt(model_type, name, "not made", _first_line(error))
    try:
        trace = capture(model, dict(inputs))
    except (ValueError, IndexError) as error:
        is_ours = "attnwidget" in str(error.__traceback__ and _last_file(error))
        return Attempt(model_type, name, "refused" if is_ours else "raw error", _first_line(error))
    except Exception as error:
        words = f"{type(error).__name__}: {_first_line(error)}"
        return Attempt(model_type, name, "raw error", words)
    wrong = _difference(trace, expected)
    streams = ", ".join(
        f"{stream.name} ({stream.num_layers} x {stream.num_heads})" for stream in trace.stacks
    )
    if wrong:
        return Attempt(model_type, name, "wrong", f"{streams}: {wrong}")
    has_all = all(stream.has_projections for stream in trace.stacks)
    return Attempt(model_type, name, "exact" if has_all else "dense", streams)


def model_types() -> list[str]:
    """Return the names of all architectures."""
    return sorted(transformers.CONFIG_MAPPING)


def _made(model_type: str) -> nn.Module:
    config = small_config(transformers.CONFIG_MAPPING[model_type])
    kind = next(
        (
            family
            for family in (getattr(transformers, name) for name in FAMILIES)
            if type(config) in family._model_mapping
        ),
        None,
    )
    if kind is None:
        raise ValueError("no model of its own: a part of another one")
    torch.manual_seed(0)
    model: nn.Module = kind.from_config(config).eval()
    with torch.no_grad():
        for weights in model.parameters():
            if weights.ndim > 1 and weights.is_floating_point():
                weights.normal_(0, 0.2)
    return model


def _has_attention(model: nn.Module) -> bool:
    return any("attention" in type(module).__name__.lower() for module in model.modules())


def _inputs(model: Any) -> dict[str, Tensor]:
    """Return small inputs of the kind that a model reads."""
    draw = torch.Generator().manual_seed(0)
    main = str(getattr(model, "main_input_name", "input_ids"))
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
        made = {"input_ids": torch.randint(5, 60, (1, 9), generator=draw)}
    if getattr(config, "is_encoder_decoder", False) and main != "pixel_values":
        made["decoder_input_ids"] = torch.randint(5, 60, (1, 5), generator=draw)
    return made


@torch.no_grad()
def _eager(model: Any, inputs: dict[str, Tensor]) -> Any:
    before = model.config._attn_implementation
    try:
        model.set_attn_implementation("eager")
        return model(**inputs, output_attentions=True)
    finally:
        model.set_attn_implementation(before)


@torch.no_grad()
def _runs(model: Any, inputs: dict[str, Tensor]) -> bool:
    try:
        model(**inputs)
    except Exception:
        return False
    return True


def _returned(output: Any) -> Iterator[tuple[tuple[str, ...], list[Tensor]]]:
    for field, streams in FIELDS.items():
        stack = getattr(output, field, None) or ()
        weights = [each for each in stack if isinstance(each, Tensor) and each.ndim == 4]
        if weights and len(weights) == len(stack):
            yield streams, weights


def _difference(trace: Trace, output: Any) -> str:
    """Return how far streams are from what the model returned, empty if they are not."""
    for streams, weights in _returned(output):
        name = next((each for each in streams if each in trace), None)
        if name is None:
            same = [s.name for s in trace.stacks if _size(s) == _size_of(weights)]
            name = same[0] if same else None
        if name is None:
            if weights[0].shape[0] == 1:
                return f"the stream of {streams[0]!r} is missing"
            continue
        stream = trace[name]
        if stream.num_layers != len(weights):
            return f"{name} has {stream.num_layers} layers, eager {len(weights)}"
        for layer, each in enumerate(weights):
            found = stream.attention(layer)
            if found.shape != each.shape[1:]:
                return f"{name} is {tuple(found.shape)}, eager {tuple(each.shape[1:])}"
            error = float((found - each[0].float()).abs().max())
            if not error <= TOLERANCE:
                return f"{name}, layer {layer}, is off by {error:.2g}"
    return ""


def _size(stream: Any) -> tuple[int, ...]:
    return stream.num_layers, stream.num_heads, len(stream.queries), len(stream.keys)


def _size_of(weights: list[Tensor]) -> tuple[int, ...]:
    return (len(weights), *weights[0].shape[1:])


def _last_file(error: BaseException) -> str:
    """Return the file that raised an error."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return "" if place is None else place.tb_frame.f_code.co_filename


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
