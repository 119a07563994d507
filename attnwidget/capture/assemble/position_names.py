"""Name the positions that are no text: patches of an image, frames of a sound."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from attnwidget.trace.tokens import Tokens

SAMPLES_PER_SECOND = 16_000
"""Sampling rate of waveforms: that of every speech model, as the feature extractor is unknown."""
FRAMES_PER_SECOND = 100
"""Spectrogram frames in a second: one every 160 samples."""


def named_tokens(names: Sequence[str], special: int = 0) -> Tokens:
    """Return Tokens with these names; the first `special` are special."""
    count = len(names)
    return Tokens(
        text=tuple(names),
        raw=tuple(names),
        special=tuple(place < special for place in range(count)),
        continues=(False,) * count,
        segments=(0,) * count,
    )


def numbered_tokens(count: int) -> Tokens:
    """Return Tokens with their positions as names."""
    return named_tokens([str(place) for place in range(count)])


def grid_tokens(rows: int, columns: int) -> Tokens:
    """Return Tokens for patches row by row, with row and column from 0: ``"r3 c5"``."""
    return named_tokens(_grid_names(rows, columns))


def patch_tokens(config: Any, image: Tensor, count: int) -> Tokens:
    """Return Tokens for the patches of an image, with row and column from 0: ``"r3 c5"``.

    Parameters
    ----------
    config
        Config of the vision model, with its patch size and its number of register tokens.
    image
        (1, channels, height, width).
    count
        Number of positions: the class token, the registers and the patches.
    """
    size = getattr(config, "patch_size", None)
    if size is None or image.ndim != 4:
        return numbered_tokens(count)
    height, width = (size, size) if isinstance(size, int) else tuple(size)
    rows, columns = image.shape[2] // height, image.shape[3] // width
    before = count - rows * columns
    if before < 0:
        return numbered_tokens(count)
    names = [*_prefix(config, before), *_grid_names(rows, columns)]
    return named_tokens(names, special=before)


def frame_tokens(sound: Tensor, count: int) -> Tokens:
    """Return Tokens for the frames of a sound, with the time at which each begins: ``"0.02 s"``.

    Parameters
    ----------
    sound
        Spectrogram (1, bins, frames) or waveform (1, samples).
    count
        Number of positions.
    """
    rate = FRAMES_PER_SECOND if sound.ndim == 3 else SAMPLES_PER_SECOND
    step = sound.shape[-1] / rate / count
    return named_tokens([f"{place * step:.2f} s" for place in range(count)])


def _grid_names(rows: int, columns: int) -> list[str]:
    return [f"r{row} c{column}" for row in range(rows) for column in range(columns)]


def _prefix(config: Any, count: int) -> list[str]:
    """Return the names of the `count` positions before the patches."""
    registers = min(getattr(config, "num_register_tokens", 0) or 0, count)
    others = ["[CLS]", "[DIST]"] if count - registers <= 2 else []
    others += [f"[EXTRA {place}]" for place in range(len(others), count - registers)]
    return [
        *others[: count - registers],
        *(f"[REG {place}]" for place in range(1, registers + 1)),
    ]
