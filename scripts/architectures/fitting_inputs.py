"""Inputs that a model runs on, found by what its errors say."""

from __future__ import annotations

import inspect
import itertools
import linecache
import re
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from scripts.architectures.drawn_inputs import PIXELS, Draw, kind_of
from scripts.architectures.given_arguments import ARGUMENTS

TRIES = 8
"""Most times that inputs are mended."""

IMAGES = ("pixel_values", "hidden_states", "pixel_values_videos", "pixel_values_images", "image")
SOUNDS = ("input_values", "input_features", "audio_mel", "spectrogram", "mel_spectrogram")

COUNTED = re.compile(r"(\w+)s? (?:features|tokens).*tokens: (\d+),? features:? (\d+)", re.I | re.S)
"""What models say where the tokens that stand for an image are not as many as its features."""


def fitting_inputs(model: Any, options: dict[str, Any]) -> dict[str, Tensor]:
    """Return inputs that a model runs on, those of most kinds first.

    Raises
    ------
    Exception
        What the model raised on the first inputs, if it runs on none.
    """
    faults: list[Exception] = []
    for draw, names in _drafts(model):
        try:
            return _mended(draw, names, options)
        except TimeoutError:
            raise
        except Exception as error:  # models fail in every way
            faults.append(error)
    raise faults[0]


def _drafts(model: Any) -> Iterator[tuple[Draw, list[str]]]:
    """Return ways to lay out inputs, with the names of those to begin with."""
    parameters = inspect.signature(model.forward).parameters
    required = [
        name
        for name, each in parameters.items()
        if each.default is each.empty and each.kind is each.POSITIONAL_OR_KEYWORD
    ]
    main = model.main_input_name
    mains = [name for name in ([main] if isinstance(main, str) else main) if name in parameters]
    if not (mains or required):  # whatever goes on to a model within it
        mains = [main] if isinstance(main, str) else list(main)
    if model.config.is_encoder_decoder and "decoder_input_ids" in parameters:
        mains.append("decoder_input_ids")
    rows = ARGUMENTS.get(model.config.model_type, {})
    takes_any = any(each.kind is each.VAR_KEYWORD for each in parameters.values())
    known = [name for name in rows if takes_any or name in parameters]
    plain = list(dict.fromkeys([*required, *mains, *known]))
    images = [name for name in IMAGES if name in (*parameters, *mains)]
    sounds = [name for name in SOUNDS if name in (*parameters, *mains)]
    words = [name for name in ("input_ids",) if name in parameters]
    starts = [[*plain, *words, *images[:1], *sounds[:1]], [*plain, *words, *images[:1]]]
    starts += [[*plain, *words, *sounds[:1]], plain]
    seen: list[set[str]] = []
    for names in starts:
        if set(names) in seen:
            continue
        seen.append(set(names))
        pixels = _layouts(parameters) if set(names) & set(IMAGES) else ("image",)
        layouts = ("flat", "transposed", "deep") if set(names) & set(SOUNDS) else ("flat",)
        for picture, sound in itertools.product(pixels, layouts):
            yield Draw(model, picture, sound), names


def _layouts(parameters: Any) -> Sequence[str]:
    """Return how images may be laid out, the likely ways first."""
    in_a_row = ("patches", "cubes", "pieces")
    has_grids = any("grid" in name for name in parameters)
    return sorted(PIXELS, key=lambda each: (each in in_a_row) != has_grids and each != "image")


def _mended(draw: Draw, names: list[str], options: dict[str, Any]) -> dict[str, Tensor]:
    """Return inputs that a model runs on, after adding what it asks for."""
    names = list(dict.fromkeys(names))
    for _ in range(TRIES):
        inputs = draw.all(names)
        try:
            with torch.no_grad():
                output = draw.model(**inputs, **options)
            _check_numbers(output)
            return inputs
        except TimeoutError:
            raise
        except Exception as error:
            if not _mend(draw, names, inputs, error):
                raise
    raise ValueError("The model asks for ever more inputs.")


def _check_numbers(output: Any) -> None:
    """Refuse inputs on which random weights overflow."""
    values = output.values() if isinstance(output, dict) else ()
    if any(isinstance(each, Tensor) and bool(each.isnan().any()) for each in values):
        raise OverflowError("The output is no number.")


def _mend(draw: Draw, names: list[str], inputs: dict[str, Tensor], error: Exception) -> bool:
    """Return whether something could be changed about inputs after an error."""
    counted = COUNTED.search(str(error))
    if counted is not None:
        kind = counted[1].lower()
        features = int(counted[3])
        if draw.counts.get(kind) == features:  # some count the numbers of all features
            features //= draw.sizes.width
        if draw.token(kind) is not None and draw.counts.get(kind) != features:
            draw.counts[kind] = features
            return True
    asked = [name for name in _asked_for(draw.model, error) if _may_add(name, inputs)]
    names += sorted(asked, key=lambda name: "video" in name)[:1]
    return bool(asked)


def _may_add(name: str, inputs: dict[str, Tensor]) -> bool:
    """Return whether an argument is not there, nor the ids that it would stand for."""
    ids = re.sub(r"(inputs|encoder)_embeds", "input_ids", name)
    return name not in inputs and ids not in inputs


def _asked_for(model: nn.Module, error: Exception) -> list[str]:
    """Return the arguments that an error names, in words or in the line that raised it."""
    parameters = [
        name for name in inspect.signature(model.forward).parameters if kind_of(name) is not None
    ]
    words = re.findall(r"\w+", str(error))
    named = [name for name in parameters if name in words]
    trace = error.__traceback__
    lines = []
    while trace is not None:
        frame = trace.tb_frame
        near = range(trace.tb_lineno - 1, trace.tb_lineno + 3)
        line = " ".join(linecache.getline(frame.f_code.co_filename, at) for at in near)
        lines.append(
            [name for name in re.findall(r"\w+", line) if frame.f_locals.get(name, 0) is None]
        )
        trace = trace.tb_next
    within = [name for line in reversed(lines) for name in line if name in parameters]
    return named + within
