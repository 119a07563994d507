"""The steps from one query to its attention weights."""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, eq=False)
class AttentionScores:
    """The steps from one query vector to its attention weights, in order.

    Every array over keys is (n_k,) float32 on the CPU.

    Attributes
    ----------
    query
        (d,) float32, the query vector after rotary embedding.
    keys
        (n_k, d) float32, the key vectors after rotary embedding.
    scale
        Factor on the dot products.
    scaled
        ``q·k * scale``.
    capped
        ``softcap * tanh(scaled / softcap)``, None without a cap.
    softcap
        The cap, None without one.
    bias
        Sum of the position bias and the finite part of an additive mask, which is added after the
        cap. None without either.
    allowed
        (n_k,) bool, False if the mask forbids the key.
    sink
        Logit of the sink, which takes part in the normalisation but belongs to no token: a learned
        one, or that of the silence after a sound. None without one.
    weights
        The softmax, as ``Stream.attention`` returns it for this row.
    """

    query: Tensor
    keys: Tensor
    scale: float
    scaled: Tensor
    capped: Tensor | None
    softcap: float | None
    bias: Tensor | None
    allowed: Tensor
    sink: float | None
    weights: Tensor
