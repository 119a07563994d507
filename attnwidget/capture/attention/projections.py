"""The arguments of one call of an attention function."""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, eq=False)
class Projections:
    """Queries, keys and values of a batch, and everything else that makes the weights.

    Attributes
    ----------
    query
        (B, H, n_q, d).
    key, value
        (B, H_kv, n_k, d) and (B, H_kv, n_k, d_v); H is a multiple of H_kv.
    scale
        Factor on the dot products, None for ``d ** -0.5``.
    mask
        Broadcastable to (B, H, n_q, n_k): boolean (True allows) or additive.
    causal
        True if keys after the query are forbidden.
    bias
        Position bias, broadcastable to (B, H, n_q, n_k).
    softcap
        Cap c of the scaled scores: ``c * tanh(score / c)``.
    sinks
        (H,) logits that take part in the normalisation only.
    is_tiled
        True if heads may be windows, whose place is to be found.
    """

    query: Tensor
    key: Tensor
    value: Tensor
    scale: float | None = None
    mask: Tensor | None = None
    causal: bool = False
    bias: Tensor | None = None
    softcap: float | None = None
    sinks: Tensor | None = None
    is_tiled: bool = False
