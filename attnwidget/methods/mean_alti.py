"""ALTI from every layer on: where the content of an output stands in the layers below."""

from torch import Tensor

from attnwidget.methods.alti_steps import alti_steps
from attnwidget.methods.method import Method
from attnwidget.methods.needs import LAYERS_IN_SEQUENCE, OUTPUTS_OF_STACK
from attnwidget.methods.nodes import stack_of
from attnwidget.methods.progress import Progress
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.methods.settings import SKIP_FIRST
from attnwidget.methods.source import Source
from attnwidget.methods.through_layers import mean_over_depths
from attnwidget.methods.token_shares import Norm
from attnwidget.trace import Indexer, Trace


def mean_alti(
    trace: Source,
    *,
    p: Norm = 1,
    skip_first: bool = False,
    rows: Indexer = None,
    layers: Indexer = None,
    stream: str | None = None,
    progress: Progress = None,
) -> Tensor:
    """Return the share of each token's place in each output token, mean over the layers below.

    `alti` follows an output down to the inputs, and credits the tokens that were read there. But a
    token also gives what it gathered itself: in an induction head the word that is repeated is read
    where it stands, and was found by the word before it. With B_l the step of ALTI in sublayer l,
    counted from 0, and K sublayers, this is the mean of ALTI from each of them on::

        1/K sum_k B_(K-1) ... B_k

    Entry (i, j) is the share of output i that stands at the place of token j, on average over the
    states below the top one: the input, and what each sublayer but the last turns it into.

    Parameters
    ----------
    trace
        A captured trace whose streams have outputs, or one of its streams.
    p, rows, layers, stream, progress
        As of `alti`.
    skip_first
        As of `rollout`: let no other token read from the first.

    Returns
    -------
    Tensor
        (n, n) float32, or (len(rows), n), on the CPU: output tokens down, places across. For an
        encoder-decoder (T, T + S): target tokens down, target and then source tokens across. Rows
        sum to 1.

    Raises
    ------
    IndexError
        A layer or row is out of range.
    ValueError
        `p` is neither 1 nor 2, the layers do not fit together, or what heads write is not known;
        the message says why.

    Notes
    -----
    It takes the time of `alti`. Of a model of one layer it is `alti`.

    References
    ----------
    The steps are those of Ferrando, Gállego and Costa-jussà, "Measuring the Mixing of Contextual
    Information in the Transformer", EMNLP 2022, section 3. The mean is of this package:
    docs/faithfulness.md says what it finds.
    """
    steps = alti_steps(trace, p=p, skip_first=skip_first, layers=layers, stream=stream)
    return mean_over_depths(steps, rows, progress, "mean ALTI")


def _matrix(trace: Trace, scores: ScoresOf, progress: Progress) -> Tensor:
    return mean_alti(
        trace,
        skip_first=scores.skip_first,
        layers=slice(0, scores.layer + 1),
        stream=stack_of(trace, scores.stream),
        progress=progress,
    )


MEAN_ALTI = Method(
    name="mean_alti",
    title="mean ALTI",
    question="At whose places does each token's content stand, over all layers below?",
    matrix=_matrix,
    needs=(LAYERS_IN_SEQUENCE, OUTPUTS_OF_STACK),
    settings=(SKIP_FIRST,),
    own_fusion="sum of what all heads write",
    full_scale=1.0,
    quick_up_to=100_000,
    followed_by="alti",
)
