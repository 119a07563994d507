"""Name the positions that are no text: patches of an image, frames of a sound."""

from collections.abc import Sequence
from math import ceil
from typing import Any

from torch import Tensor

from attnwidget.capture.attention.patches import grid_names
from attnwidget.trace.tokens import Tokens

SAMPLES_PER_SECOND = 16_000
"""Sampling rate of waveforms: that of every speech model, as the feature extractor is unknown."""
BINS = ("num_mel_bins", "input_feat_per_channel")
"""Fields of configs with the number of bins of a spectrogram."""
MOST_BEFORE = 2
"""Most positions before the patches and the registers: a class token and one of distillation."""
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


def patch_tokens(config: Any, image: Tensor, count: int) -> Tokens | None:
    """Return Tokens for the patches of an image, with row and column from 0: ``"r3 c5"``.

    None if the config does not tell them.

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
        return None
    height, width = (size, size) if isinstance(size, int) else tuple(size)
    rows, columns = image.shape[2] // height, image.shape[3] // width
    before = count - rows * columns
    registers = getattr(config, "num_register_tokens", 0) or 0
    if not 0 <= before <= registers + MOST_BEFORE:
        return None
    names = [*_prefix(config, before), *grid_names(rows, columns)]
    return named_tokens(names, special=before)


def grid_tokens(names: Sequence[str], count: int) -> Tokens:
    """Return Tokens for named patches, with what lies before them: a class token, registers."""
    before = count - len(names)
    return named_tokens([*_prefix(None, before), *names], special=before)


def frame_tokens(config: Any, sound: Tensor, count: int) -> Tokens:
    """Return Tokens for the frames of a sound, with the time at which each begins: ``"0.02 s"``.

    They are numbers if the frames of a spectrogram cannot be told from its bins.

    Parameters
    ----------
    config
        Config of the speech model, with its number of bins.
    sound
        Spectrogram of one entry, or waveform (1, samples).
    count
        Number of positions.
    """
    bins = None if sound.ndim == 2 else _bins_by_frames(config, sound)
    if sound.ndim != 2 and bins is None:
        return numbered_tokens(count)
    seconds = (
        sound.shape[-1] / SAMPLES_PER_SECOND if bins is None else bins.shape[1] / FRAMES_PER_SECOND
    )
    return named_tokens([f"{place * seconds / count:.2f} s" for place in range(count)])


def heard_positions(config: Any, sound: Tensor, count: int) -> int | None:
    """Return the number of positions before the silence that a sound was padded with.

    None if there is no such silence: frames at the end that all are as low as the lowest bin.
    """
    bins = None if sound.ndim == 2 else _bins_by_frames(config, sound)
    if bins is None:
        return None
    loud = (bins > bins.min()).any(0).nonzero().flatten()
    if not len(loud):
        return None
    heard = ceil((int(loud[-1]) + 1) * count / bins.shape[1])
    return heard if heard < count else None


def _bins_by_frames(config: Any, sound: Tensor) -> Tensor | None:
    """Return a spectrogram as (bins, frames), None if the config does not tell its axes."""
    found = (getattr(config, name, None) for name in BINS)
    bins = next((each for each in found if isinstance(each, int)), None)
    if sound.ndim != 3 or bins is None or bins not in sound.shape[1:]:
        return None
    return sound[0] if sound.shape[1] == bins else sound[0].T


def _prefix(config: Any, count: int) -> list[str]:
    """Return the names of the `count` positions before the patches."""
    registers = min(getattr(config, "num_register_tokens", 0) or 0, count)
    others = ["[CLS]", "[DIST]"] if count - registers <= 2 else []
    others += [f"[EXTRA {place}]" for place in range(len(others), count - registers)]
    return [
        *others[: count - registers],
        *(f"[REG {place}]" for place in range(1, registers + 1)),
    ]
