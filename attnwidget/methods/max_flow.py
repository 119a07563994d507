"""Maximum flows of attention from input tokens to output tokens."""

from torch import Tensor

from attnwidget.methods.flow.cost import seconds_per_pair
from attnwidget.methods.flow.pairs import MAX_SECONDS, pair_flows
from attnwidget.methods.flow.solver import Engine, chosen_engine
from attnwidget.methods.fusion import Fusion
from attnwidget.methods.method import Method
from attnwidget.methods.needs import LAYERS_IN_SEQUENCE
from attnwidget.methods.nodes import nodes_of, stack_of
from attnwidget.methods.progress import Progress
from attnwidget.methods.receptive_field import by_receptive_field, even_steps
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.methods.settings import RECEPTIVE_FIELD, SKIP_FIRST
from attnwidget.methods.source import Source
from attnwidget.methods.steps import Step, attention_steps, row_normalised
from attnwidget.trace import Trace
from attnwidget.trace.indexing import Indexer, positions, resolve


def max_flow(
    trace: Source,
    *,
    fusion: Fusion = "mean",
    residual: bool = True,
    receptive_field: bool = False,
    skip_first: bool = False,
    sources: Indexer = None,
    sinks: Indexer = None,
    normalize: bool = False,
    layers: Indexer = None,
    stream: str | None = None,
    progress: Progress = None,
    engine: Engine | None = None,
    max_seconds: float = MAX_SECONDS,
) -> Tensor:
    """Return the maximum flow between output and input tokens.

    The attention of each layer is a network's edges from the tokens above to those below, with the
    mixing weight as capacity; the score of a pair is the maximum flow from the output token to the
    input token.

    Scores saturate: the flow cannot exceed the capacity of the edges into the input token, so
    ``F[i, j] <= min(1, sum of column j of the lowest layer)``. In trained encoders most pairs reach
    this bound, and longer texts have more such pairs. Their score is the attention of the lowest
    layer to j, the same for every i; `rollout` distinguishes output tokens.

    Parameters
    ----------
    trace
        A trace, or plain attention weights: one array a layer, (n, n), (H, n, n) or (1, H, n, n).
    fusion
        The function that fuses the heads of a layer into one matrix F: ``"mean"``, ``"max"`` or
        ``"min"``.
    residual
        Use the capacities ``rownorm((F + I) / 2)``, which include the residual connection, instead
        of ``rownorm(F)``.
    receptive_field
        Divide by the flows of attention that is even over the keys that the mask allows, rows
        scaled to the sum that they had; see `rollout`. It takes the time of the flows once more.
    skip_first
        Let no other token read from the first; see `rollout`.
    sources
        Output tokens: an index, a list or a slice; all if None.
    sinks
        Input tokens, likewise. In an encoder-decoder these are the target tokens, then the source
        tokens.
    normalize
        Divide each row by its sum over the chosen sinks.
    layers
        Consecutive layers of the named stack, or of the decoder if `stream` is None; all if None.
    stream
        One stack of an encoder-decoder, such as ``"encoder"``; the whole model if None. In the
        whole model, a token that a sublayer does not update is passed on with capacity 1.
    progress
        True shows a progress bar, False none, None a bar if it takes long. A function is called
        with (done, total) and may raise to interrupt.
    engine
        ``"numba"`` (install ``attnwidget[fast]``), whose first call compiles for some seconds, or
        ``"scipy"``, which is at least ten times slower. None is the fastest one available.
    max_seconds
        Longest accepted time in seconds, by a rough estimate.

    Returns
    -------
    Tensor
        (n_sources, n_sinks) float32, from 0 to 1.

    Raises
    ------
    ImportError
        `engine` is ``"numba"``, which cannot be imported.
    IndexError
        A layer, source or sink is out of range.
    ValueError
        There is no such fusion, engine or stream; the layers cannot follow one another; the
        estimate exceeds `max_seconds`; or `receptive_field` would divide by almost nothing.

    Notes
    -----
    One and two layers have a closed form, ``F = B_0`` and
    ``F[i, j] = sum_k min(B_1[i, k], B_0[k, j])``. Otherwise Dinic's algorithm works on capacities
    that are rounded to multiples of ``2**-48`` with Numba, and of ``2**-30`` with scipy, whose
    integers have 32 bits. The error of a score is at most half of that for each edge of the
    smallest cut: n * 2**-31 if n edges of one token limit it (6e-8 at 128 tokens, with scipy), and
    never more than L * n**2 * 2**-49 with Numba (3.5e-10 at 12 layers and 128 tokens). Capacities
    and scores are float32, computed from the attention in float64.

    Memory: some 22 bytes for each of the L * n**2 edges.

    References
    ----------
    Abnar and Zuidema, "Quantifying Attention Flow in Transformers", ACL 2020, section 3, under the
    name attention flow.

    Examples
    --------
    >>> max_flow([[[0.5, 0.5], [0.0, 1.0]]] * 2)
    tensor([[0.7500, 0.5000],
            [0.0000, 1.0000]])
    """
    steps = attention_steps(
        trace,
        fusion=fusion,
        residual=residual,
        skip_first=skip_first,
        layers=layers,
        stream=stream,
    )
    top = steps[-1]
    upper = positions(resolve(sources, top.num_targets, "source"), top.num_targets)
    lower = positions(resolve(sinks, top.num_nodes, "sink"), top.num_nodes)

    def flows_of(network: list[Step]) -> Tensor:
        return pair_flows(
            network,
            upper + top.targets.start,
            lower,
            progress=progress,
            engine=engine,
            max_seconds=max_seconds,
        )

    flows = flows_of(steps)
    if receptive_field:
        even = even_steps(
            trace, residual=residual, skip_first=skip_first, layers=layers, stream=stream
        )
        flows = by_receptive_field(flows, flows_of(even))
    return (row_normalised(flows) if normalize else flows).float()


def _steps(trace: Trace, scores: ScoresOf) -> list[Step]:
    stream = stack_of(trace, scores.stream)
    return attention_steps(trace, fusion=scores.fusion, skip_first=scores.skip_first, stream=stream)


def _matrix(trace: Trace, scores: ScoresOf, progress: Progress) -> Tensor:
    _check_duration(trace, scores)
    return max_flow(
        trace,
        fusion=scores.fusion,
        receptive_field=scores.receptive_field,
        skip_first=scores.skip_first,
        layers=slice(0, scores.layer + 1),
        stream=stack_of(trace, scores.stream),
        progress=progress,
        max_seconds=float("inf"),
    )


def _check_duration(trace: Trace, scores: ScoresOf) -> None:
    nodes = nodes_of(trace, scores.stream)
    pairs = nodes.num_outputs * nodes.num_nodes
    steps = nodes.steps_to(scores.layer)
    seconds = pairs * seconds_per_pair(chosen_engine(None), steps, nodes.num_nodes)
    seconds *= 2 if scores.receptive_field else 1
    if seconds > MAX_SECONDS:
        raise ValueError(
            f"The maximum flows of all {pairs:,} pairs through {steps} levels would take about "
            f"{seconds / 60:,.0f} minutes. Show a lower layer, a shorter text or another method; "
            "the trace view needs those of one token only. In Python, "
            "attnwidget.max_flow(trace, sources=…) computes chosen pairs."
        )


MAX_FLOW = Method(
    name="max_flow",
    title="max-flow",
    question="How much could arrive from each input at most, past the narrowest places?",
    steps=_steps,
    matrix=_matrix,
    needs=(LAYERS_IN_SEQUENCE,),
    settings=(RECEPTIVE_FIELD, SKIP_FIRST),
    is_flow=True,
)
