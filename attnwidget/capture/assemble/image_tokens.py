"""Name the positions of images by row and column, in vision towers and among words."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from math import isqrt
from typing import Any, NamedTuple

from torch import Tensor

from attnwidget.trace.tokens import Tokens

GRIDS = ("image_grid_thw", "video_grid_thw")
"""Inputs that give the frames, rows and columns of each image or video."""

IMAGE_IDS = ("image_token_id", "image_token_index", "video_token_id")
"""Fields of configs with the id that stands for a part of an image among words."""

OTHER_IDS = ("audio_token_id", "audio_token_index")
"""Fields of configs with the id that stands for a part of a sound among words."""


class Grid(NamedTuple):
    """The patches of one image or video."""

    frames: int
    rows: int
    columns: int


def ids_in(config: Any, fields: Iterable[str]) -> set[int]:
    """Return the ids that some fields of a config name."""
    found = (getattr(config, name, None) for name in fields)
    return {each for each in found if each is not None}


def grids_in(tensors: Any) -> list[list[Grid]]:
    """Return the grids of the images and those of the videos among the inputs of a model."""
    found = (tensors.get(name) for name in GRIDS)
    return [
        [Grid(*(int(size) for size in row)) for row in each.tolist()]
        for each in found
        if isinstance(each, Tensor) and each.ndim == 2 and each.shape[1] == len(Grid._fields)
    ]


def patch_names(grids: Sequence[Grid], config: Any, part: int, length: int) -> list[str] | None:
    """Return the names of the patches that a tower reads at once, None if they are not known.

    Towers that merge patches read them block by block, and some window by window.

    Parameters
    ----------
    grids
        The images or videos.
    config
        Config of the tower.
    part
        Index of the frame, if the tower attends within one frame at a time.
    length
        Number of positions.
    """
    merge = getattr(config, "spatial_merge_size", 1) or 1
    size, patch = (getattr(config, name, None) for name in ("window_size", "patch_size"))
    window = size // merge // patch if isinstance(size, int) and isinstance(patch, int) else None
    frames = [
        [f"{prefix}r{row} c{column}" for row, column in _order(grid, merge, window)]
        for grid in grids
        for prefix in ([""] if grid.frames == 1 else [f"f{frame} " for frame in range(grid.frames)])
    ]
    if part < len(frames) and len(frames[part]) == length:
        return frames[part]
    everything = [
        name if len(frames) == 1 else f"{number}: {name}"
        for number, names in enumerate(frames, 1)
        for name in names
    ]
    return everything if len(everything) == length else None


def _order(grid: Grid, merge: int, window: int | None) -> Iterable[tuple[int, int]]:
    """Return row and column of the patches of a frame in the order in which they are read."""
    blocks = [
        (row, column)
        for row in range(grid.rows // merge)
        for column in range(grid.columns // merge)
    ]
    if window:
        blocks.sort(key=lambda block: (block[0] // window, block[1] // window, *block))
    return (
        (row * merge + inner, column * merge + across)
        for row, column in blocks
        for inner in range(merge)
        for across in range(merge)
    )


def with_images(
    tokens: Tokens, ids: Sequence[int], config: Any, grids: Sequence[Sequence[Grid]]
) -> Tokens:
    """Return the tokens of a text, those that stand for images named by row and column.

    Parameters
    ----------
    tokens
        The tokens.
    ids
        Their ids.
    config
        Config of the whole model, which knows the ids that stand for images.
    grids
        The images and the videos, if the inputs tell. Without, as many positions in a row as a
        square has are the rows of a square.
    """
    marks = ids_in(config, IMAGE_IDS)
    places = [place for place, each in enumerate(ids) if each in marks]
    if not places:
        return tokens
    merge = getattr(getattr(config, "vision_config", None), "spatial_merge_size", 1) or 1
    sizes = [
        Grid(grid.frames, grid.rows // merge, grid.columns // merge)
        for each in grids
        for grid in each
    ]
    names = _merged_names(sizes)
    if len(names) != len(places):
        names = _run_names(places)
    text = list(tokens.text)
    for place, name in zip(places, names, strict=True):
        text[place] = name
    return replace(tokens, text=tuple(text))


def _merged_names(grids: Sequence[Grid]) -> list[str]:
    several = len(grids) > 1
    return [
        f"img{number if several else ''} {f'f{frame} ' if grid.frames > 1 else ''}r{row} c{column}"
        for number, grid in enumerate(grids, 1)
        for frame in range(grid.frames)
        for row in range(grid.rows)
        for column in range(grid.columns)
    ]


def _run_names(places: Sequence[int]) -> list[str]:
    """Return names for positions that follow each other, run by run."""
    runs = [
        len(list(group)) for _, group in groupby(enumerate(places), lambda each: each[1] - each[0])
    ]
    names = []
    for number, length in enumerate(runs, 1):
        side = isqrt(length)
        prefix = f"img{number}" if len(runs) > 1 else "img"
        names += [
            f"{prefix} r{place // side} c{place % side}"
            if side * side == length
            else f"{prefix} {place}"
            for place in range(length)
        ]
    return names
