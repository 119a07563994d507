"""What happens to one query on its way to the softmax."""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, eq=False)
class AttentionScores:
    """The steps from one query vector to its attention weights, in the order they happen.

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
        ``softcap * tanh(scaled / softcap)``, None where the model caps nothing.
    softcap
        The cap itself, None where there is none.
    bias
        What is added after the cap: position bias and the finite part of an additive mask. None
        where nothing is added.
    allowed
        (n_k,) bool, False where the mask forbids the key.
    sink
        Logit of the learned sink: it takes part in the normalisation but belongs to no token.
    weights
        The softmax: what ``Stream.attention`` returns for this row.
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
