"""Attention rollout: the share of each input token in each output token, over all layers."""

from torch import Tensor

from attnwidget.methods.fusion import Fusion
from attnwidget.methods.method import Method
from attnwidget.methods.needs import LAYERS_IN_SEQUENCE
from attnwidget.methods.nodes import stack_of
from attnwidget.methods.progress import Progress
from attnwidget.methods.receptive_field import by_receptive_field, even_steps
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.methods.settings import DISCARD_RATIO, RECEPTIVE_FIELD, SKIP_FIRST
from attnwidget.methods.source import Source
from attnwidget.methods.steps import Step, attention_steps
from attnwidget.methods.through_layers import through_each_layer, through_layers
from attnwidget.trace import Trace
from attnwidget.trace.indexing import Indexer


def rollout(
    trace: Source,
    *,
    fusion: Fusion = "mean",
    discard_ratio: float = 0.0,
    residual: bool = True,
    receptive_field: bool = False,
    skip_first: bool = False,
    layers: Indexer = None,
    rows: Indexer = None,
    stream: str | None = None,
    progress: Progress = None,
) -> Tensor:
    """Return attention rollout: the share of each input token in each output token.

    With F_l the fused heads of layer l, ``B_l = rownorm((F_l + I) / 2)``, or ``rownorm(F_l)``
    without the residual, and the result is ``B_{L-1} ... B_1 B_0``, with later layers on the left.
    In an encoder-decoder a decoder layer's self-attention mixes the target tokens by such a B, and
    its cross attention C, over the encoder's tokens, by ``[I | rownorm(C)] / 2``.

    Parameters
    ----------
    trace
        A trace, or plain attention weights: one array a layer, (n, n), (H, n, n) or (1, H, n, n).
    fusion
        The function that fuses heads: ``"mean"``, ``"max"`` or ``"min"``.
    discard_ratio
        In [0, 1): the share of the smallest entries of each B_l (and C) that is left out. Entries
        strictly below the ``int(n * n * discard_ratio)``-th smallest entry of the whole matrix,
        counted from 0, become zero, except the largest of each row, and rows are normalised again.
    residual
        Pass half of each token past the self-attention unchanged. The residual connection of cross
        attention always counts.
    receptive_field
        Divide by what even attention would give, so that early tokens of a causal model, which more
        tokens can read from, have no advantage. With U the rollout of weights that are equal over
        the keys that the mask allows, ``R_ij / U_ij``, rows scaled to the sum that they had.
    skip_first
        Let no other token read from the first: its column of each B_l (and C) is zero but for its
        own row, and what is left of a row is scaled to the sum it had.
    layers
        Consecutive layers to go through, such as ``slice(0, 3)``; in an encoder-decoder, layers of
        the decoder. All if None.
    rows
        Output tokens to compute: an index, a list or a slice. No n x n matrix is then in memory.
    stream
        One stack of an encoder-decoder, such as ``"encoder"``, or one of several streams; the whole
        model if None.
    progress
        True shows a progress bar, False none, None a bar if it takes long. A function is called
        with (done, total) and may raise to interrupt.

    Returns
    -------
    Tensor
        (n, n) float32, or (len(rows), n), on the CPU: output tokens down, input tokens across. For
        an encoder-decoder (T, T + S): target tokens down, target and then source tokens across.
        Rows sum to 1; without the residual, rows of tokens that attend to nothing are zero.

    Raises
    ------
    IndexError
        A layer or row is out of range.
    ValueError
        An argument is not as described, the layers do not fit together, or `receptive_field` would
        divide by less than float32 can tell.

    Notes
    -----
    Memory holds at most three n x n matrices of float32, for any number of layers and heads. The
    entries of a causal model above the diagonal are zero and count among the smallest entries.

    References
    ----------
    Abnar and Zuidema, "Quantifying Attention Flow in Transformers", ACL 2020, section 3. That
    scores of causal models have to be normalised by the receptive field is their remark; the
    formula is this package's.

    Examples
    --------
    >>> rollout([[[0.5, 0.5], [0.0, 1.0]]])
    tensor([[0.7500, 0.2500],
            [0.0000, 1.0000]])
    """
    steps = attention_steps(
        trace,
        fusion=fusion,
        residual=residual,
        discard_ratio=discard_ratio,
        skip_first=skip_first,
        layers=layers,
        stream=stream,
    )
    shares = through_layers(steps, rows, progress, "rollout")
    if not receptive_field:
        return shares
    even = even_steps(trace, residual=residual, skip_first=skip_first, layers=layers, stream=stream)
    return by_receptive_field(shares, through_layers(even, rows, progress, "even attention"))


def rollout_by_layer(
    trace: Source,
    *,
    fusion: Fusion = "mean",
    discard_ratio: float = 0.0,
    residual: bool = True,
    receptive_field: bool = False,
    skip_first: bool = False,
    layers: Indexer = None,
    rows: Indexer = None,
    stream: str | None = None,
    progress: Progress = None,
) -> Tensor:
    """Return the rollout after each layer; see `rollout`.

    Returns
    -------
    Tensor
        (L, n, n) float32, or (L, len(rows), n): entry l goes through the first l + 1 of the chosen
        layers. For an encoder-decoder (L, T, T + S), after each layer of the decoder.

    Raises
    ------
    IndexError, ValueError
        As `rollout`.
    """
    steps = attention_steps(
        trace,
        fusion=fusion,
        residual=residual,
        discard_ratio=discard_ratio,
        skip_first=skip_first,
        layers=layers,
        stream=stream,
    )
    shares = through_each_layer(steps, rows, progress, "rollout")
    if not receptive_field:
        return shares
    even = even_steps(trace, residual=residual, skip_first=skip_first, layers=layers, stream=stream)
    return by_receptive_field(shares, through_each_layer(even, rows, progress, "even attention"))


def _steps(trace: Trace, scores: ScoresOf) -> list[Step]:
    return attention_steps(
        trace,
        fusion=scores.fusion,
        discard_ratio=scores.discard_ratio,
        skip_first=scores.skip_first,
        stream=stack_of(trace, scores.stream),
    )


ROLLOUT = Method(
    name="rollout",
    title="rollout",
    question="Of which inputs is each token made, if attention alone mixes them?",
    steps=_steps,
    needs=(LAYERS_IN_SEQUENCE,),
    settings=(DISCARD_RATIO, RECEPTIVE_FIELD, SKIP_FIRST),
    full_scale=1.0,
    quick_up_to=2_000_000,
    steps_are_shares=True,
    evolves=True,
)
