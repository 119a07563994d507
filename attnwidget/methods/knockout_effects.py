"""What every key, head or edge does for the target: estimates, or a run for each."""

import torch
from torch import Tensor

from attnwidget.methods.cuts_by import By, chosen_by, cuts_by, shape_by
from attnwidget.methods.first_order import cut_keys, head_sums
from attnwidget.methods.progress import Progress, reporting
from attnwidget.methods.rerunning import reruns_of
from attnwidget.methods.source import with_target
from attnwidget.trace import Indexer, Stream, Target, Trace
from attnwidget.trace.gradients import needed
from attnwidget.trace.reruns import Change


def knockout_effects(
    trace: Trace,
    by: By = "key",
    *,
    exact: bool = False,
    target: Target = None,
    layers: Indexer = None,
    stream: str | None = None,
    query: int | None = None,
    progress: Progress = None,
) -> Tensor:
    """Return the change of the target if each key, head or edge is cut, one at a time.

    - ``by="key"``: no query of any head and layer attends to key j; the others share its weight.
    - ``by="head"``: the output of head h of layer l is zero.
    - ``by="edge"``: the target's position does not attend to key j in head h of layer l; the other
      keys share its weight.

    The sign is that of ``Knockout.change``: negative where the cut attention supports the target.

    Parameters
    ----------
    trace
        A captured trace.
    by
        ``"key"``, ``"head"`` or ``"edge"``.
    exact
        False estimates all effects to first order from one backward pass. True runs the model for
        each of them, as many times as `attnwidget.runs_of` says.
    target
        The target, in the forms of `attnwidget.capture`; None for the target of the trace.
    layers
        The layers that are cut; all if None.
    stream
        The stream that is cut; the first if None, and for edges the first whose queries are the
        positions that the model predicts at.
    query
        For edges, the query; the target's position if None. A model that predicts one class for
        the whole input has no such position.
    progress
        For exact effects: True shows a progress bar, False none, None a bar if it takes long. A
        function is called with (done, total) and may raise to cancel.

    Returns
    -------
    Tensor
        float32 on the CPU, in units of the target: (n_k,) by key, (L', H) by head, (L', H, n_k) by
        edge. An entry that the mask forbids is 0.

    Raises
    ------
    IndexError
        A layer or the query is out of range, or the target names a missing position or entry.
    ValueError
        `by` or `stream` is unknown, the trace has no gradients or no model, the attention of the
        model can only be read, the target does not fit the model, or an edge has no query.

    Notes
    -----
    Estimates carry the softmax's renormalisation exactly. With g the gradient of the target by a
    head's context ``o_i = sum_j A_ij v_j``, losing key j changes the target by
    ``g_i · (A_ij o_i - A_ij v_j) / (1 - A_ij)``, summed over queries, heads and layers; losing a
    head changes it by ``- sum_i g_i · o_i``. They are first order: effects that saturate are
    missed, and layers above that make up for a cut, so they rank what is worth an exact run. A
    query that has no other key counts as one whose head writes 0, in estimates and in runs.

    Memory holds the gradients of all layers and blocks of rows; exact runs are made several at a
    time, as many as fit in some hundred megabytes.
    """
    if exact:
        reruns_of(trace, "knockout_effects(exact=True)")
    aimed = with_target(trace, target)
    chosen, places, queries = chosen_by(aimed, by, layers, stream, query)
    if not exact:
        return _ESTIMATES[by](chosen, places, queries)
    return _exact(aimed, by, chosen, places, queries, progress)


def _exact(
    trace: Trace,
    by: By,
    stream: Stream,
    layers: list[int],
    queries: list[int],
    progress: Progress,
) -> Tensor:
    reruns = reruns_of(trace, "knockout_effects(exact=True)")
    reruns.check_cuts()
    placed = list(cuts_by(by, stream, layers, queries))
    effects = torch.zeros(shape_by(by, stream, layers), device="cpu")
    if placed:
        changes = [Change((cut,)) for _, cut in placed]
        with reporting(progress, len(changes), "knockouts") as report:
            before = reruns.value(trace.target)
            values = reruns.values(changes, trace.target, report)
        for (at, _), value in zip(placed, values.tolist(), strict=True):
            effects[at] = value - before
    return effects


def _by_key(stream: Stream, layers: list[int], _: list[int]) -> Tensor:
    effects = torch.zeros(len(stream.keys), device="cpu")
    for layer in layers:
        for _head, rows in cut_keys(stream.layers[layer], _gradient(stream, layer), slice(None)):
            effects += rows.sum(0)
    return effects


def _by_head(stream: Stream, layers: list[int], _: list[int]) -> Tensor:
    sums = [head_sums(stream.layers[layer], _gradient(stream, layer)) for layer in layers]
    return -torch.stack(sums)


def _by_edge(stream: Stream, layers: list[int], queries: list[int]) -> Tensor:
    effects = torch.zeros(shape_by("edge", stream, layers), device="cpu")
    for place, layer in enumerate(layers):
        for head, rows in cut_keys(stream.layers[layer], _gradient(stream, layer), queries):
            effects[place, head] += rows.sum(0)
    return effects


_ESTIMATES = {"key": _by_key, "head": _by_head, "edge": _by_edge}


def _gradient(stream: Stream, layer: int) -> Tensor:
    return needed(stream.gradients).of_layer(stream.name, layer)
