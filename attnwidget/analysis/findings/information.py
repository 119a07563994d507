"""What the query of cross attention tells of where it looks."""

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor

from attnwidget.analysis.entropy import row_entropy


@dataclass
class Information:
    """The mutual information of query and key under attention, added block by block.

    Attributes
    ----------
    shape
        Number of heads and of keys.
    """

    shape: tuple[int, int]
    _total: Tensor = field(init=False)
    _entropy: Tensor = field(init=False)
    _count: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self._total = torch.zeros(self.shape, dtype=torch.float64, device="cpu")
        self._entropy = torch.zeros(self.shape[0], dtype=torch.float64, device="cpu")

    def add(self, weights: Tensor) -> None:
        """Add the weights (H, m, n_k) of some queries; what misses to 1 is spread evenly."""
        rows = weights.double()
        rows += (1 - rows.sum(-1, keepdim=True)).clamp(min=0) / rows.shape[-1]
        self._total += rows.sum(1)
        self._entropy += row_entropy(rows).sum(-1)
        self._count += rows.shape[1]

    def shares(self) -> Tensor:
        """Return (H,): 0 if all queries look at the same keys, 1 if each at one of its own."""
        most = min(self._count, self.shape[1])
        if most < 2:
            return torch.zeros(self.shape[0], dtype=torch.float64, device="cpu")
        mean = self._total / self._count
        found: Tensor = row_entropy(mean) - self._entropy / self._count
        return found / math.log(most)
