"""Cells of a matrix: one path per colour, or pixels, which take far fewer bytes."""

import base64
import zlib
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from attnwidget.picture.svg import element, number


def cell_paths(
    steps: NDArray[np.int64],
    colors: tuple[str, ...],
    size: tuple[float, float],
    blank: NDArray[np.bool_] | None = None,
    pitch: float | None = None,
) -> list[str]:
    """Return the cells as paths, from (0, 0).

    Parameters
    ----------
    steps
        (rows, columns): each cell's place among `colors`.
    size
        Width and height of a cell.
    blank
        Cells that are left blank.
    pitch
        Distance from one row to the next; None if rows touch.
    """
    width, height = size
    marks: dict[int, list[str]] = defaultdict(list)
    rows, columns = steps.shape
    across = [number(width * column) for column in range(columns)]
    square = f"h{number(width)}v{number(height)}h{number(-width)}z"
    for row in range(rows):
        down = number((height if pitch is None else pitch) * row)
        for column in range(columns):
            if blank is None or not blank[row, column]:
                marks[int(steps[row, column])].append(f"M{across[column]} {down}{square}")
    return [
        element("path", d="".join(marks[step]), fill=colors[step], shape_rendering="crispEdges")
        for step in sorted(marks)
    ]


def cell_pixels(
    steps: NDArray[np.int64],
    colors: tuple[str, ...],
    size: tuple[float, float],
    blank: NDArray[np.bool_] | None = None,
) -> list[str]:
    """Return the cells as a picture of one pixel each; parameters are those of `cell_paths`."""
    palette = np.array([[*bytes.fromhex(color.lstrip("#")), 255] for color in colors], np.uint8)
    pixels = palette[steps]
    if blank is not None:
        pixels[blank] = 0
    rows, columns = steps.shape
    picture = base64.b64encode(png(pixels)).decode()
    return [
        element(
            "image",
            href=f"data:image/png;base64,{picture}",
            width=size[0] * columns,
            height=size[1] * rows,
            preserveAspectRatio="none",
            style="image-rendering: pixelated",
        )
    ]


def png(pixels: NDArray[np.uint8]) -> bytes:
    """Return (rows, columns, 4) red, green, blue and opacity as a PNG file (ISO/IEC 15948)."""
    rows, columns = pixels.shape[:2]
    depth, color_type = 8, 6
    size = columns.to_bytes(4, "big") + rows.to_bytes(4, "big")
    unfiltered = np.zeros((rows, 1 + 4 * columns), np.uint8)
    unfiltered[:, 1:] = pixels.reshape(rows, -1)
    chunks = (
        (b"IHDR", size + bytes([depth, color_type, 0, 0, 0])),
        (b"IDAT", zlib.compress(unfiltered.tobytes())),
        (b"IEND", b""),
    )
    written = [
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
        for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)
