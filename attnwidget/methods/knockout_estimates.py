"""The change of the target if one head does not read one token, estimated to first order."""

from torch import Tensor

from attnwidget.methods.first_order import cut_edges
from attnwidget.methods.method import Method, RowsOf
from attnwidget.methods.needs import GRADIENTS
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.methods.settings import TARGET
from attnwidget.methods.source import Source, stream_named, with_target
from attnwidget.methods.weighted import gradients_are_ready
from attnwidget.trace import Indexer, Target, Trace
from attnwidget.trace.gradients import needed
from attnwidget.trace.indexing import resolve, resolve_index


def knockout_estimates(
    trace: Source,
    layer: int,
    heads: Indexer = None,
    *,
    target: Target = None,
    stream: str | None = None,
) -> Tensor:
    """Estimate the change of the target if a head's token i does not attend to token j.

    The other keys of the row share its weight. With A the head's attention, v_j the value of token
    j, ``o_i = sum_j A_ij v_j`` the context of token i and ``g_i`` the gradient of the target by it,
    the estimate is ``g_i . (A_ij o_i - A_ij v_j) / (1 - A_ij)``. It is negative where the
    connection supports the target. `knockout` with `Cut(layer, head, i, j)` runs the model without
    it and gives the exact change.

    Parameters
    ----------
    trace
        A captured trace. Plain arrays have no gradients.
    layer
        Counted from 0; negative ones from the end.
    heads
        An index, a list or a slice; all if None.
    target
        The target, in the forms of `attnwidget.capture`; None for the target of the trace.
    stream
        The name of the stream; the first if None.

    Returns
    -------
    Tensor
        (H', n_q, n_k) float32 on the CPU, in the units of the target. An entry that the mask
        forbids is 0.

    Raises
    ------
    IndexError
        The layer or a head is out of range, or the target names a missing position or entry.
    ValueError
        The trace has no gradients, the target does not fit the model, or there is no such stream.

    Notes
    -----
    The change of the attention is exact, also of a row that gives all its weight to one key, which
    then writes 0, and of a row with a sink, which keeps its part. What the layers above make of it
    is taken to first order, so effects that saturate are missed. Memory is that of the result and
    blocks of rows.

    See Also
    --------
    knockout_effects : Keys, heads and the edges of one query, estimated or by a run for each.
    effects : The slope at the attention as it is: the other weights of the row do not grow.
    """
    chosen = stream_named(with_target(trace, target), stream)
    place = resolve_index(layer, chosen.num_layers, "layer")
    gradient = needed(chosen.gradients).of_layer(chosen.name, place)
    at = chosen.layers[place]
    return cut_edges(at, gradient, resolve(heads, at.num_heads, "head"), slice(None))


def _head_rows(trace: Trace, scores: ScoresOf) -> RowsOf:
    stream = with_target(trace, scores.target)[scores.stream]
    layer = stream.layers[scores.layer]
    gradient = needed(stream.gradients).of_layer(stream.name, scores.layer)
    heads = slice(None) if scores.heads is None else list(scores.heads)
    return lambda queries: cut_edges(layer, gradient, heads, queries)


KNOCKOUT = Method(
    name="knockout",
    title="knockout (estimate)",
    question="How would the target change without a connection, by a first-order estimate?",
    values="estimated change",
    head_rows=_head_rows,
    is_ready=gradients_are_ready,
    needs=(GRADIENTS,),
    settings=(TARGET,),
    signed=True,
    is_of_cuts=True,
    signs=("cut, would raise the target", "cut, would lower the target"),
    followed_by="gradient_flow",
)
