"""Watch how a model cuts images into a grid of positions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from math import isqrt
from typing import Any, NamedTuple

from torch import Tensor, nn

BEFORE = ("cls_token", "class_token", "dist_token", "distillation_token")
"""Endings of the names of learned positions that models put before their patches."""


class PatchGrid(NamedTuple):
    """A map of positions that a module made of an image or a video.

    Attributes
    ----------
    frames, rows, columns
        Positions of each axis; one frame of an image.
    is_cut
        True if the patches do not overlap, as those that a transformer reads; other maps may be
        those of a network before it.
    """

    frames: int
    rows: int
    columns: int
    is_cut: bool

    @property
    def size(self) -> int:
        """Number of positions."""
        return self.frames * self.rows * self.columns

    def names(self, row: str = "r", column: str = "c") -> list[str]:
        """Return the name of each position, row by row."""
        prefixes = [f"f{frame} " for frame in range(self.frames)] if self.frames > 1 else [""]
        return [
            f"{prefix}{name}"
            for prefix in prefixes
            for name in grid_names(self.rows, self.columns, row, column)
        ]


def grid_names(rows: int, columns: int, row: str = "r", column: str = "c") -> list[str]:
    """Return the name of each patch of an image, row by row: ``"r3 c5"``."""
    return [f"{row}{place} {column}{other}" for place in range(rows) for other in range(columns)]


@dataclass
class PatchGrids:
    """The grids of one run, in order.

    Attributes
    ----------
    prefix
        Number of positions that the model says to put before its patches.
    """

    found: list[PatchGrid] = field(default_factory=list)
    prefix: int = 1

    def of_length(self, length: int) -> PatchGrid | None:
        """Return the grid of so many positions, None if there is none or there are several.

        A grid of patches that do not overlap may have a class token before it, or as many
        positions as the model says.
        """
        for before in (0, 1, self.prefix):
            fitting = {
                each
                for each in self.found
                if each.size == length - before and (each.is_cut or not before)
            }
            if len({each[:3] for each in fitting}) == 1:
                return fitting.pop()
        return None


@contextmanager
def watched_patches(model: nn.Module) -> Iterator[PatchGrids]:
    """Watch the convolutions of a model, and what cuts images without one."""
    grids = PatchGrids(prefix=_prefix(model))

    def add(module: nn.Module, inputs: tuple[Any, ...], output: object) -> None:
        image = inputs[0] if inputs else None
        if isinstance(image, Tensor) and isinstance(output, Tensor):
            grid = _convolved(module, output) or _rearranged(image, output)
            if grid is not None:
                grids.found.append(grid)

    with ExitStack() as hooks:
        for module in model.modules():
            if _may_cut(module):
                hooks.callback(module.register_forward_hook(add).remove)
        yield grids


def _may_cut(module: nn.Module) -> bool:
    """Return whether a module may make patches: a convolution, or one that only rearranges."""
    if isinstance(module, (nn.Conv2d, nn.Conv3d)):
        return True
    is_leaf = not any(True for _ in module.children())
    return is_leaf and not any(True for _ in module.parameters(recurse=False))


def _convolved(module: nn.Module, output: Tensor) -> PatchGrid | None:
    if not isinstance(module, (nn.Conv2d, nn.Conv3d)):
        return None
    sizes = output.shape[2:]
    if len(sizes) not in (2, 3):
        return None
    frames, rows, columns = (1, *sizes) if len(sizes) == 2 else sizes
    if rows < 2 or columns < 2:
        return None
    return PatchGrid(frames, rows, columns, module.kernel_size == module.stride)


def _rearranged(image: Tensor, output: Tensor) -> PatchGrid | None:
    """Return the grid of patches (B, n, p) that an image (B, C, height, width) was cut into."""
    is_cut = image.ndim == 4 and output.ndim == 3 and image.numel() == output.numel()
    if not is_cut or len(image) != len(output):
        return None
    height, width = image.shape[2:]
    rows = isqrt(output.shape[1] * height // width)
    columns = output.shape[1] // rows if rows else 0
    is_even = rows * columns == output.shape[1] and rows * width == columns * height
    is_map = is_even and height % rows == 0 and min(rows, columns) > 1
    return PatchGrid(1, rows, columns, True) if is_map else None


def _prefix(model: nn.Module) -> int:
    """Return the number of positions that a model says to put before its patches, 1 if none."""
    said = {getattr(each, "num_prefix_tokens", None) for each in model.modules()}
    known = [each for each in said if isinstance(each, int)]
    learned = [name for name, _ in model.named_parameters() if name.endswith(BEFORE)]
    return known[0] if len(known) == 1 else max(1, len(learned))
