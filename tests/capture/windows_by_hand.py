"""Maps of whole images put together by hand, from the softmaxes of a model and known positions."""

from itertools import product

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode


class Softmaxes(TorchFunctionMode):
    """Collects what every softmax of a run returns, and lets the caller go on with it."""

    FUNCTIONS = (functional.softmax, torch.softmax, Tensor.softmax)

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Tensor] = []

    def __torch_function__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        if func in self.FUNCTIONS:
            self.found.append(result)
        return result


def eager_weights(model: nn.Module, **inputs: Tensor) -> list[Tensor]:
    """Return the result of every softmax of an eager run, with a graph."""
    with Softmaxes() as softmaxes:
        model(**inputs)
    return softmaxes.found


def window_positions(height: int, width: int, size: int, shift: int = 0) -> Tensor:
    """Return the position of each slot of the windows of an image, (W, s); -1 for padding.

    The image is padded below and to the right to whole windows, then rolled up and to the left.
    """
    rows, columns = (-(-each // size) * size for each in (height, width))
    windows = []
    for top, left in product(range(0, rows, size), range(0, columns, size)):
        slots = []
        for down, right in product(range(size), range(size)):
            row, column = (top + down + shift) % rows, (left + right + shift) % columns
            slots.append(row * width + column if row < height and column < width else -1)
        windows.append(slots)
    return torch.tensor(windows)


def whole_map(weights: Tensor, rows: Tensor, columns: Tensor, sizes: tuple[int, int]) -> Tensor:
    """Return windows (W, H, s_q, s_k) as a map (H, n_q, n_k), zero outside, slot by slot."""
    whole = torch.zeros(weights.shape[1], *sizes)
    for window in range(len(weights)):
        for slot, query in enumerate(rows[window].tolist()):
            if query >= 0:
                for other, key in enumerate(columns[window].tolist()):
                    if key >= 0:
                        whole[:, query, key] += weights[window, :, slot, other].detach()
    return whole
