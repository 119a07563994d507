"""The figures of all heads as rows, to be sorted."""

from dataclasses import dataclass

from torch import Tensor

from attnwidget.analysis.head_figures import head_figures
from attnwidget.methods.knockout_effects import knockout_effects
from attnwidget.methods.progress import Progress, reporting
from attnwidget.methods.source import Source, as_trace, stream_named
from attnwidget.trace import Stream, Target, Trace


@dataclass(frozen=True)
class HeadRow:
    """The figures of one head on one input, means over its queries.

    Attributes
    ----------
    stream, layer, head
        The head, counted from 0; ``trace[stream].layer_numbers`` has the model's own numbers.
    entropy
        Entropy of its rows divided by the largest that the mask allows, 0 to 1.
    effective_tokens
        The exponential of the entropy: the number of tokens that an even row would have.
    distance
        Tokens between a query and what it attends to; None between different texts.
    first, itself, previous
        The shares of attention on the first token, on the query itself and on the token before; the
        last two are None between different texts.
    effect
        The change of the target without the head, estimated to first order; None without a model.
    exact_effect
        The same of a run without it; None unless it was asked for.
    """

    stream: str
    layer: int
    head: int
    entropy: float
    effective_tokens: float
    distance: float | None
    first: float
    itself: float | None
    previous: float | None
    effect: float | None = None
    exact_effect: float | None = None


def head_table(
    source: Source,
    *,
    stream: str | None = None,
    target: Target = None,
    effects: bool = True,
    exact: bool = False,
    progress: Progress = None,
) -> list[HeadRow]:
    """Return a row of figures for every head of a stream, layer by layer.

    Sort them as any list, ``sorted(rows, key=lambda row: row.entropy)``; ``pandas.DataFrame(rows)``
    makes a table of them. The widget has the same table in its model view.

    Parameters
    ----------
    source
        A Trace of any kind, or one array per layer.
    stream
        Name of the stream; the first if None.
    target
        What the effects change, in the forms of `attnwidget.capture`; None for the target of the
        trace.
    effects
        False leaves out the estimates, which take a backward pass where there is a model.
    exact
        True also runs the model without each head, ``attnwidget.runs_of(trace, "head")`` times.
    progress
        Progress over the layers and, with `exact`, the runs: True shows a bar, None a bar if it
        takes long, False no bar; a function gets (done, total) and may raise to interrupt.

    Returns
    -------
    list of HeadRow

    Raises
    ------
    IndexError
        The target names a missing position or entry.
    ValueError
        `source` is no attention, there is no such stream, a target or exact effects are asked for
        and there is no model, or the target does not fit it.

    Notes
    -----
    Memory holds blocks of rows of one layer; the time is that of all weights of the stream,
    computed once. Effects are those of `attnwidget.knockout_effects` by head: estimates take one
    backward pass, and effects that saturate are missed. Negative ones support the target.
    """
    trace = as_trace(source)
    chosen = stream_named(trace, stream)
    if not trace.has_gradients and (exact or target is not None):
        raise ValueError(
            "Effects of heads need the model, and this trace was made from arrays. Capture a model "
            "with attnwidget.capture(model, text), or leave out target and exact."
        )
    figures = []
    with reporting(progress, chosen.num_layers, "heads") as report:
        for layer in range(chosen.num_layers):
            figures.append(head_figures(chosen, layer))
            report(layer + 1)
    has_effects = effects and trace.has_gradients
    estimated = _effects(trace, chosen, target) if has_effects else None
    ran = _effects(trace, chosen, target, exact=True, progress=progress) if exact else None
    return [
        _row(chosen.name, layer, head, figures[layer], estimated, ran)
        for layer in range(chosen.num_layers)
        for head in range(chosen.num_heads)
    ]


def _effects(
    trace: Trace,
    stream: Stream,
    target: Target,
    *,
    exact: bool = False,
    progress: Progress = None,
) -> Tensor:
    return knockout_effects(
        trace, "head", exact=exact, target=target, stream=stream.name, progress=progress
    )


def _row(
    stream: str,
    layer: int,
    head: int,
    figures: dict[str, Tensor],
    estimated: Tensor | None,
    exact: Tensor | None,
) -> HeadRow:
    found = {name: float(values[head]) for name, values in figures.items()}
    known = {name: None if value != value else value for name, value in found.items()}
    return HeadRow(
        stream=stream,
        layer=layer,
        head=head,
        entropy=found["entropy"],
        effective_tokens=found["effective"],
        distance=known["distance"],
        first=found["first"],
        itself=known["diagonal"],
        previous=known["previous"],
        effect=None if estimated is None else float(estimated[layer, head]),
        exact_effect=None if exact is None else float(exact[layer, head]),
    )
