"""Try capture on one architecture, and compare it with the model's own eager attention."""

from __future__ import annotations

import copy
import inspect
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import torch
import transformers
from torch import Tensor, nn

from attnwidget import Trace, capture
from attnwidget.trace import Stream
from scripts.architectures.small_config import UNSHRUNK, small_config

Outcome: TypeAlias = Literal["exact", "dense", "refused", "wrong", "raw error", "not made", "none"]
"""What became of an architecture; "none" has no attention, "not made" has no small config here."""

TOLERANCE = 5e-5
"""Largest difference from eager attention."""

MOST_WEIGHTS = 200_000_000
"""Most weights of a model that counts as small."""

PART = "no model of its own: a part of another one"
"""The reason why a part of a model was not made."""

SECONDS = 60
"""Longest time for one architecture."""

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

WEIGHTLESS = {
    "mra": "approximates attention at several resolutions; there are no weights of pairs",
    "rwkv": "a recurrent network, whose attention has no weights of pairs",
    "swiftformer": "additive attention: one weight a token, none of pairs",
    "yoso": "samples attention by hashing; there are no weights of pairs",
}
"""Architectures whose attention has no weights, and why."""

PREFIXED = ("paligemma", "colpali")
"""Models that need to be told which tokens attend to each other both ways."""

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
        model, inputs = _running(model_type)
    except Exception as error:
        return Attempt(model_type, "", "not made", _first_line(error))
    name = type(model).__name__
    if model_type in WEIGHTLESS or not _has_attention(model):
        return Attempt(model_type, name, "none", WEIGHTLESS.get(model_type, "no attention"))
    expected: Any = None
    with suppress(Exception):  # not every model returns attention
        expected = _eager(model, inputs)
    torch.manual_seed(0)  # some models draw what they look at
    try:
        trace = capture(model, dict(inputs))
    except TimeoutError:
        raise
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


def attempt_in_time(model_type: str) -> Attempt:
    """Return what capture makes of an architecture, or that it takes longer than `SECONDS`."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"took more than {SECONDS} s")

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        return attempt(model_type)
    except TimeoutError as error:
        return Attempt(model_type, "", "not made", str(error))
    finally:
        signal.alarm(0)


def model_types() -> list[str]:
    """Return the names of all architectures."""
    return sorted(transformers.CONFIG_MAPPING)


def _running(model_type: str) -> tuple[nn.Module, dict[str, Tensor]]:
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
                    model(**inputs, **_uncached(model))
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


def _has_attention(model: nn.Module) -> bool:
    return any("attention" in type(module).__name__.lower() for module in model.modules())


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


@torch.no_grad()
def _eager(model: Any, inputs: dict[str, Tensor]) -> Any:
    """Return what the same model returns that was made with eager attention.

    Some models cannot be switched, and say nothing.
    """
    config = copy.deepcopy(model.config)
    eager = type(model)._from_config(config, attn_implementation="eager").eval()
    eager.load_state_dict(model.state_dict())
    torch.manual_seed(0)
    return eager(**inputs, **_uncached(eager), output_attentions=True)


def _uncached(model: nn.Module) -> dict[str, bool]:
    """Return the options without a cache, with which some decoders expect one token at a time."""
    return {"use_cache": False} if _accepts(model, "use_cache") else {}


def _accepts(model: nn.Module, name: str) -> bool:
    parameters = inspect.signature(model.forward).parameters
    return name in parameters or any(
        each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters.values()
    )


def _returned(output: Any) -> Iterator[tuple[tuple[str, ...], list[Tensor]]]:
    for field, streams in FIELDS.items():
        stack = getattr(output, field, None) or ()
        weights = [each for each in stack if isinstance(each, Tensor) and each.ndim == 4]
        if any(float(each.min()) < 0 for each in weights):
            continue  # what some models call attention is none
        if weights and len(weights) == len(stack):
            yield streams, weights


def _difference(trace: Trace, output: Any) -> str:
    """Return how far a trace is from what the model returned, empty if it is not."""
    left = [(stream, layer) for stream in trace.stacks for layer in range(stream.num_layers)]
    for streams, weights in _returned(output):
        numbers = trace.stacks[0].layer_numbers
        if len(weights) > len(left) and len(trace) == 1:  # those of other layers are no softmax
            weights = [weights[number] for number in numbers if number < len(weights)]
        for place, expected in enumerate(weights):
            if len(expected) != 1:
                continue  # several images or windows
            same = [each for each in left if _size(each[0]) == expected.shape[1:]]
            fitting = [each for each in same if _fits(each[0].name, streams)] or same
            if not fitting:
                return f"layer {place} of {streams[0]!r} is missing"
            error = _error(*fitting[0], expected[0])
            if not error <= TOLERANCE:
                return f"layer {place} of {fitting[0][0].name!r} is off by {error:.2g}"
            left.remove(fitting[0])
    return ""


def _fits(name: str, streams: tuple[str, ...]) -> bool:
    return any(name.startswith(each) or name.endswith(each) for each in streams)


def _error(stream: Stream, layer: int, expected: Tensor) -> float:
    """Return the largest difference of a layer from what the model returned."""
    found = stream.attention(layer)
    if float(found.sum(-1).min()) < 1 - TOLERANCE:  # sinks, which eager may apply later
        found = found / found.sum(-1, keepdim=True)
        expected = expected / expected.sum(-1, keepdim=True)
    return float((found - expected.float()).abs().max())


def _size(stream: Stream) -> tuple[int, ...]:
    return stream.num_heads, len(stream.queries), len(stream.keys)


def _last_file(error: BaseException) -> str:
    """Return the file that raised an error."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return "" if place is None else place.tb_frame.f_code.co_filename


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return " ".join(line.strip() for line in lines[:2])[:200]
