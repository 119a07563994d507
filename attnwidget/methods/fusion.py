"""Many heads made into one."""

from typing import Literal, TypeAlias, get_args

from torch import Tensor

from attnwidget.trace.arrays import Array, as_tensor
from attnwidget.trace.selection import Selection, resolve

Fusion: TypeAlias = Literal["mean", "max", "min"]
"""How heads are fused."""

FUSIONS: tuple[Fusion, ...] = get_args(Fusion)


def fuse_heads(attention: Array, fusion: Fusion = "mean", heads: Selection = None) -> Tensor:
    """Fuse the heads of one layer.

    Parameters
    ----------
    attention
        (H, n_q, n_k) weights.
    fusion
        ``"mean"`` keeps rows that sum to 1; after ``"max"`` and ``"min"`` they no longer do.
    heads
        The heads to fuse: an index, a list or a slice; all if None.

    Returns
    -------
    Tensor
        (n_q, n_k) float32 on the CPU.

    Raises
    ------
    IndexError
        A head is out of range.
    ValueError
        `attention` has another shape, `fusion` another name, or no head is chosen.
    """
    if fusion not in FUSIONS:
        raise ValueError(f"fusion must be one of {', '.join(FUSIONS)}, but {fusion!r} was given.")
    weights = as_tensor(attention, "attention").float()
    if weights.ndim != 3:
        raise ValueError(
            "attention must be (heads, queries, keys), but its shape is "
            f"{tuple(weights.shape)}. Pass one layer of one input."
        )
    chosen = weights[resolve(heads, len(weights), "head")]
    if not len(chosen):
        raise ValueError("There are no heads to fuse; pass at least one head, or None for all.")
    if fusion == "mean":
        return chosen.mean(0)
    return chosen.amax(0) if fusion == "max" else chosen.amin(0)
