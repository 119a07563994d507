"""Images as people hold them: PIL, arrays, files."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

LEVELS = 255
"""Brightest value of a whole number."""


def is_image(given: Any) -> bool:
    """Return whether a value is an image of PIL."""
    return type(given).__module__.partition(".")[0] == "PIL" and hasattr(given, "convert")


def as_images(given: Any) -> list[Any]:
    """Return images of PIL, upright and in RGB.

    Parameters
    ----------
    given
        One image or a list of them: of PIL, an array (height, width), (height, width, channels) or
        (channels, height, width) of whole numbers to 255 or of shares to 1, or the path of a file.

    Raises
    ------
    ValueError
        It is no image, or cannot be read.
    """
    is_list = isinstance(given, (list, tuple))
    return [_as_image(each) for each in (given if is_list else [given])]


def _as_image(given: Any) -> Any:
    from PIL import Image, ImageOps, UnidentifiedImageError

    if isinstance(given, (str, os.PathLike)):
        try:
            given = Image.open(given)
            given.load()
        except (OSError, UnidentifiedImageError) as error:
            raise ValueError(
                f"No image could be read from {os.fspath(given)!r}: {error}"
            ) from error
    if not is_image(given):
        given = Image.fromarray(_pixels(given))
    upright = ImageOps.exif_transpose(given)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        # Where a picture is transparent its colours mean nothing; white is what pages are.
        seen = upright.convert("RGBA")
        white = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(white, seen).convert("RGB")
    return upright.convert("RGB")


def _pixels(given: Any) -> Any:
    """Return an array as (height, width) or (height, width, channels) of bytes."""
    try:
        pixels = np.asarray(given)
    except (TypeError, ValueError, RuntimeError):
        pixels = np.empty(0, dtype=object)
    if pixels.ndim == 3 and pixels.shape[0] in (1, 3, 4) and pixels.shape[2] not in (1, 3, 4):
        pixels = pixels.transpose(1, 2, 0)
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[..., 0]
    is_grid = pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] in (3, 4))
    if not is_grid or pixels.dtype.kind not in "buif" or not pixels.size:
        raise ValueError(
            "images must be images of PIL, arrays (height, width, channels) or paths of files, but "
            f"an object of type {type(given).__name__} and shape {np.shape(pixels)} was given."
        )
    if pixels.dtype.kind == "f":
        low, high = float(pixels.min()), float(pixels.max())
        if low < 0 or high > LEVELS:
            raise ValueError(
                f"The pixels of an image must lie from 0 to 1 or to 255, but lie from {low:.3g} to "
                f"{high:.3g}. Pass what was normalised already as {{'pixel_values': …}}."
            )
        pixels = pixels * (LEVELS if high <= 1 else 1)
    return pixels.astype(np.uint8)
