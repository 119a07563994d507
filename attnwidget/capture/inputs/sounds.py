"""Sounds as people hold them: arrays, files, entries of a dataset."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Sound(NamedTuple):
    """A waveform (n,) of one channel, with its sampling rate; None if it is not known."""

    samples: NDArray[np.float32]
    rate: int | None

    def at(self, rate: int) -> NDArray[np.float32]:
        """Return the waveform at another sampling rate."""
        if self.rate is None or self.rate == rate:
            return self.samples
        from scipy.signal import resample_poly

        shared = int(np.gcd(self.rate, rate))
        resampled = resample_poly(self.samples, rate // shared, self.rate // shared)
        return np.asarray(resampled, dtype=np.float32)


def as_sound(given: Any) -> Sound:
    """Return the sound that a user passed.

    Parameters
    ----------
    given
        A waveform as an array of any library, (n,) or (channels, n); the waveform and its sampling
        rate, as a tuple or as a mapping ``{"array": …, "sampling_rate": …}``; or the path of a WAV
        file.

    Raises
    ------
    ValueError
        It is none of these, is empty, or cannot be read.
    """
    if isinstance(given, (str, os.PathLike)):
        return _from_file(os.fspath(given))
    rate = None
    if isinstance(given, Mapping) and "array" in given:
        given, rate = given["array"], given.get("sampling_rate")
    elif isinstance(given, tuple) and len(given) == 2:
        given, rate = given
    elif isinstance(given, list) and given and not isinstance(given[0], (int, float)):
        raise ValueError(
            f"audio must be one sound, but a list of {len(given)} was given. Capture them one by "
            "one."
        )
    if rate is not None and (not isinstance(rate, (int, np.integer)) or rate <= 0):
        raise ValueError(
            f"The sampling rate of audio=(samples, rate) must be a number of samples a second, but "
            f"{rate!r} was given."
            if np.ndim(rate) == 0
            else "audio=(samples, rate) has the waveform first and then its sampling rate."
        )
    return Sound(_one_channel(given), None if rate is None else int(rate))


def _from_file(path: str) -> Sound:
    from scipy.io import wavfile

    try:
        rate, samples = wavfile.read(path)
    except (OSError, ValueError) as error:
        raise ValueError(
            f"No sound could be read from {path!r}: {error}. WAV files can be read; of others pass "
            "the waveform and its sampling rate, audio=(samples, rate)."
        ) from error
    if samples.dtype.kind in "iu":
        info = np.iinfo(samples.dtype)
        middle = 0 if samples.dtype.kind == "i" else (info.max + 1) / 2
        samples = (samples.astype(np.float32) - middle) / (info.max - middle)
    return Sound(_one_channel(samples.T), int(rate))


def _one_channel(given: Any) -> NDArray[np.float32]:
    try:
        samples = np.asarray(given, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise ValueError(
            "audio must be a waveform, the waveform and its sampling rate, or the path of a WAV "
            f"file, but an object of type {type(given).__name__} was given."
        ) from error
    if samples.ndim == 2:
        samples = samples.mean(0 if samples.shape[0] <= samples.shape[1] else 1)
    if not np.isfinite(samples).all():
        raise ValueError("audio holds samples that are NaN or infinite.")
    if samples.ndim != 1 or not samples.size:
        raise ValueError(f"audio must be a waveform (samples,), but its shape is {samples.shape}.")
    return samples
