"""Weights of attention after cuts, where a module multiplies them with values itself."""

from collections.abc import Sequence

import torch
from torch import Tensor

from attnwidget.trace.layer_cut import LayerCut, check_left, index, taken


def cut_weights(weights: Tensor, cuts: Sequence[LayerCut], rows: slice) -> tuple[Tensor, int]:
    """Return weights (H, n_q, n_k) after cuts, and the number of rows that have no key left.

    Parameters
    ----------
    weights
        Weights whose rows sum to 1 and that no sink takes part in; they stay as they are.
    cuts
        The cuts, of any mode.
    rows
        The queries that are no padding, over which ``"mean"`` takes the mean.

    Raises
    ------
    ValueError
        Renormalising cuts take every key of a query together.
    """
    changed = weights
    emptied = 0
    everything = [torch.arange(size, device=weights.device) for size in weights.shape]
    forbidden = taken(cuts, "renormalise", *everything)
    if forbidden is not None:
        check_left(forbidden)
        changed = changed.masked_fill(forbidden, 0.0)
        left = changed.sum(-1, keepdim=True)
        emptied = int(((left == 0) & (weights.sum(-1, keepdim=True) > 0)).sum())
        shared = changed / torch.where(left == 0, 1.0, left)
        changed = torch.where(forbidden.any(-1, keepdim=True), shared, changed)
    zeroed = taken(cuts, "zero", *everything)
    if zeroed is not None:
        changed = changed.masked_fill(zeroed, 0.0)
    for cut in cuts:
        if cut.mode == "mean":
            heads = index(cut.heads, weights.device)
            mean = changed[heads][:, rows].mean(1, keepdim=True)
            whole = changed.clone()
            whole[heads, rows] = mean.expand(-1, rows.stop - rows.start, -1)
            changed = whole
    return changed, emptied
