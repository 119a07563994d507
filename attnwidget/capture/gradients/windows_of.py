"""Tell the windows and the heads of tiles by the positions of their slots."""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from attnwidget.capture.gradients.position_codes import MIXED
from attnwidget.trace.tiles import NOWHERE


class Windows(NamedTuple):
    """The windows of an attention.

    Attributes
    ----------
    heads, rows, columns
        As in `Tiles`.
    sizes
        Numbers of query and key positions.
    """

    heads: Tensor
    rows: Tensor
    columns: Tensor
    sizes: tuple[int, int]


def windows_of(
    rows: Tensor,
    columns: Tensor,
    lengths: tuple[int, int],
    share: tuple[int, int],
    values: Tensor,
    marks: Tensor,
) -> Windows | None:
    """Return the windows of tiles: those of one window, its heads, have the same positions.

    Parameters
    ----------
    rows, columns
        (T, s_q) and (T_kv, s_k), the position of each slot; T is a multiple of T_kv.
    lengths
        Numbers of query and key positions of all entries.
    share
        Index and number of the traced entry among those of a batch.
    values
        (T_kv, s_k, d_v), which tell whether keys of several positions are the same in each window.
    marks
        (T, s_q, d_v), what the slots carry of one direction in the output, which no two heads have
        alike.

    Returns
    -------
    Windows or None
        None if the tiles are no windows of one entry.
    """
    if len(rows) % len(columns):
        return None
    group = len(rows) // len(columns)
    entry, entries = share
    num_queries, num_keys = (each // entries for each in lengths)
    rows = _of_entry(rows, entry, num_queries)
    columns = _of_entry(columns, entry, num_keys).repeat_interleave(group, 0)
    if (rows >= num_queries).any() or (columns >= num_keys).any():
        return None
    used = (rows != NOWHERE).any(1).nonzero().flatten()
    heads = _heads(torch.cat([rows, columns], 1)[used])
    if heads is None:
        return None
    heads = used[heads]
    if _are_alike(marks[heads[0]].flatten(1)):
        return None
    rows, columns = rows[heads[:, 0]], columns[heads[:, 0]]
    positions = rows[rows != NOWHERE]
    if len(torch.unique(positions)) < len(positions):
        return None
    pooled = (columns == MIXED).any(0).nonzero().flatten()
    if len(pooled):
        by_window = values[heads // group][:, :, pooled]
        same = torch.allclose(by_window, by_window[:1].expand_as(by_window), atol=1e-6)
        if not same or not bool((columns[:, pooled] == MIXED).all()):
            return None
        columns[:, pooled] = num_keys + torch.arange(len(pooled), device="cpu")
    return Windows(heads, rows, columns, (num_queries, num_keys + len(pooled)))


def _are_alike(marks: Tensor) -> bool:
    """Return whether two tiles (H, N) with the same positions are copies instead of heads."""
    unit = functional.normalize(marks, dim=1)
    alike = (unit @ unit.T).fill_diagonal_(0.0)
    return bool((alike > 1 - 1e-5).any())


def _of_entry(positions: Tensor, entry: int, count: int) -> Tensor:
    """Return the positions of an entry counted from its first; others become too large."""
    local = positions - entry * count
    return torch.where(positions < 0, positions, torch.where(local < 0, count, local))


def _heads(positions: Tensor) -> Tensor | None:
    """Return the tiles of each window and head, (W, H), given the positions (T, s) of each tile."""
    window: Tensor = torch.unique(positions, dim=0, return_inverse=True)[1]
    order = window.argsort(stable=True)
    counts = window.bincount()
    if not bool((counts == counts[0]).all()):
        return None
    tiles: Tensor = order.view(len(counts), -1)
    return tiles[tiles[:, 0].argsort()]
