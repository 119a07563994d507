"""The effect of every connection on the target, to first order, with its sign."""

from torch import Tensor

from attnwidget.methods.method import Method
from attnwidget.methods.needs import GRADIENTS
from attnwidget.methods.settings import TARGET
from attnwidget.methods.source import Source, stream_named, with_target
from attnwidget.methods.weighted import gradients_are_ready, weighted, weighted_head_rows
from attnwidget.trace import Indexer, Target
from attnwidget.trace.indexing import resolve_index


def effects(
    trace: Source,
    layer: int,
    heads: Indexer = None,
    *,
    target: Target = None,
    stream: str | None = None,
) -> Tensor:
    """Return the effect of every connection on the target, to first order, with its sign.

    With A the head's attention, v_j the value of token j, o_i the head's context of token i and L
    the target, the effect is ``A_ij dL/dA_ij = A_ij (g_i . v_j)`` with ``g_i = dL/do_i``. It is
    positive where what token i reads from token j raises the target, through everything above, and
    negative where it lowers it. `gradient_flow` takes its absolute value, and `relevance` drops
    what is negative.

    Parameters
    ----------
    trace
        A captured trace. Plain arrays have no gradients.
    layer
        Counted from 0; negative ones from the end.
    heads
        An index, a list or a slice; all if None.
    target
        The target L, in the forms of `attnwidget.capture`; None for the target of the trace, which
        is the default of the model's head unless the capture named one.
    stream
        The name of the stream; the first if None.

    Returns
    -------
    Tensor
        (H', n_q, n_k) float32 on the CPU, in the units of the target. A row sums to
        ``g_i . o_i``: what the whole context of token i does to the target, to first order.

    Raises
    ------
    IndexError
        The layer or a head is out of range, or the target names a missing position or entry.
    ValueError
        The trace has no gradients, the target does not fit the model, or there is no such stream.

    Notes
    -----
    It is the first term of a Taylor series: the change of the target if a weight shrank by a small
    share, divided by that share, with all other weights of the row as they are. Taking a connection
    away altogether can change the target by more or by less, because softmaxes saturate, the other
    weights grow, and later layers may make up for it. Memory is that of the result.

    References
    ----------
    Hao, Dong, Wei and Xu, "Self-Attention Attribution: Interpreting Information Interactions Inside
    Transformer", AAAI 2021, section 3, with one step of their integral: the gradient at the full
    attention.
    """
    chosen = stream_named(with_target(trace, target), stream)
    place = resolve_index(layer, chosen.num_layers, "layer")
    return weighted(chosen, place, heads)


EFFECTS = Method(
    name="effects",
    title="effects",
    question="Which connections raise the target, and which lower it?",
    values="effect",
    head_rows=weighted_head_rows,
    is_ready=gradients_are_ready,
    needs=(GRADIENTS,),
    settings=(TARGET,),
    signed=True,
    followed_by="gradient_flow",
    shows_finding="effect",
)
