"""ALTI: the share of each input token in each output token, by what heads write."""

from torch import Tensor

from attnwidget.methods.alti_steps import alti_steps
from attnwidget.methods.method import Method
from attnwidget.methods.needs import LAYERS_IN_SEQUENCE, OUTPUTS_OF_STACK
from attnwidget.methods.nodes import stack_of
from attnwidget.methods.progress import Progress
from attnwidget.methods.receptive_field import by_receptive_field, even_steps
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.methods.settings import RECEPTIVE_FIELD, SKIP_FIRST
from attnwidget.methods.source import Source
from attnwidget.methods.steps import Step
from attnwidget.methods.through_layers import through_each_layer, through_layers
from attnwidget.methods.token_shares import Norm
from attnwidget.trace import Indexer, Trace


def alti(
    trace: Source,
    *,
    p: Norm = 1,
    receptive_field: bool = False,
    skip_first: bool = False,
    rows: Indexer = None,
    layers: Indexer = None,
    stream: str | None = None,
    progress: Progress = None,
) -> Tensor:
    """Return the share of each input token in each output token, by what heads write.

    The output y_i of an attention sublayer is a sum of parts T_i(x_j), one for each token j: what
    all heads write from j to i, and the residual for j = i, through the normalisation that follows,
    with its statistics frozen. A part counts as much as the output comes nearer to 0 without it::

        c_ij = max(0, ||y_i||_p - ||y_i - T_i(x_j)||_p)

    Rows are scaled to sum to 1 and multiplied through the layers as in rollout. In an
    encoder-decoder the parts of cross attention are the source tokens, beside the token itself.

    Parameters
    ----------
    trace
        A captured trace whose streams have outputs, or one of its streams.
    p
        1, as published, or 2, which takes less time in wide models.
    receptive_field, skip_first
        As of `rollout`: divide by what even attention with the residual would give, and let no
        other token read from the first.
    rows
        Output tokens to compute: an index, a list or a slice. No n x n matrix is then in memory.
    layers
        Consecutive layers to go through, such as ``slice(0, 3)``; in an encoder-decoder, layers of
        the decoder. All if None.
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
        Rows sum to 1.

    Raises
    ------
    IndexError
        A layer or row is out of range.
    ValueError
        `p` is neither 1 nor 2, the layers do not fit together, or what heads write is not known;
        the message says why.

    Notes
    -----
    The feed-forward layers are left out: they mix no tokens. With n tokens, H heads and width D a
    layer takes ``n² H D`` multiplications for p = 1 and ``n² (H² + H d)`` for p = 2; memory beside
    the result is that of blocks.

    References
    ----------
    Ferrando, Gállego and Costa-jussà, "Measuring the Mixing of Contextual Information in the
    Transformer", EMNLP 2022, section 3.
    """
    steps = alti_steps(trace, p=p, skip_first=skip_first, layers=layers, stream=stream)
    shares = through_layers(steps, rows, progress, "alti")
    if not receptive_field:
        return shares
    even = even_steps(trace, skip_first=skip_first, layers=layers, stream=stream)
    return by_receptive_field(shares, through_layers(even, rows, progress, "even attention"))


def alti_by_layer(
    trace: Source,
    *,
    p: Norm = 1,
    receptive_field: bool = False,
    skip_first: bool = False,
    rows: Indexer = None,
    layers: Indexer = None,
    stream: str | None = None,
    progress: Progress = None,
) -> Tensor:
    """Return `alti` after each layer.

    Returns
    -------
    Tensor
        (L, n, n) float32, or (L, len(rows), n): entry l goes through the first l + 1 of the chosen
        layers. For an encoder-decoder (L, T, T + S), after each layer of the decoder.

    Raises
    ------
    IndexError, ValueError
        As `alti`.
    """
    steps = alti_steps(trace, p=p, skip_first=skip_first, layers=layers, stream=stream)
    shares = through_each_layer(steps, rows, progress, "alti")
    if not receptive_field:
        return shares
    even = even_steps(trace, skip_first=skip_first, layers=layers, stream=stream)
    return by_receptive_field(shares, through_each_layer(even, rows, progress, "even attention"))


def _steps(trace: Trace, scores: ScoresOf) -> list[Step]:
    stream = stack_of(trace, scores.stream)
    return alti_steps(trace, skip_first=scores.skip_first, stream=stream)


ALTI = Method(
    name="alti",
    title="ALTI",
    question="Of which inputs is each token made, by what the heads really write?",
    steps=_steps,
    needs=(LAYERS_IN_SEQUENCE, OUTPUTS_OF_STACK),
    settings=(RECEPTIVE_FIELD, SKIP_FIRST),
    own_fusion="sum of what all heads write",
    full_scale=1.0,
    quick_up_to=100_000,
    steps_are_shares=True,
)
