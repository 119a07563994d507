"""The widgets that the pages show, each of a model in the box."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import attnwidget as aw

MASK, PARTNER = 13, 6
"""The masked bracket of the demo `brackets`, and the bracket that it closes."""


@dataclass(frozen=True)
class Live:
    """A widget of a page.

    Attributes
    ----------
    make
        Makes it.
    title
        Description for readers who do not see it.
    caption
        A hint on what to try.
    narrow, wide
        Heights in CSS pixels, on a telephone and on a desk.
    views
        The views that it holds.
    """

    make: Callable[[], aw.AttentionWidget]
    title: str
    caption: str
    narrow: int
    wide: int
    views: tuple[str, ...] = ("head", "model", "matrix")


@cache
def _trace(name: str) -> aw.Trace:
    return aw.demo(name)


def _head() -> aw.AttentionWidget:
    pins = [{"side": "query", "index": MASK}]
    return aw.AttentionWidget(_trace("brackets"), layer=-1, heads=[3], tokens_selected=pins)


def _model() -> aw.AttentionWidget:
    trace = _trace("induction")
    return aw.AttentionWidget(trace, view="model", thumbnails="matrix", hide_first=True)


def _neuron() -> aw.AttentionWidget:
    pins = [{"side": "query", "index": MASK}]
    return aw.AttentionWidget(
        _trace("brackets"), view="neuron", layer=-1, heads=[3], tokens_selected=pins
    )


def _matrix() -> aw.AttentionWidget:
    return aw.AttentionWidget(
        _trace("brackets"),
        view="matrix",
        layer=-1,
        matrix_mode="compare",
        compare_with={"method": "rollout"},
    )


def _paths() -> aw.AttentionWidget:
    trace = _trace("brackets")
    return aw.AttentionWidget(
        trace,
        view="trace",
        method="relevance",
        trace_node={"level": trace.num_layers, "index": MASK},
        trace_via={"level": 0, "index": PARTNER},
    )


def _dates() -> aw.AttentionWidget:
    return aw.AttentionWidget(_trace("dates"), stream="cross", layer=-1)


WIDGETS = {
    "head": Live(
        _head,
        "Head view: from the masked bracket, head 3 of layer 2 attends to the bracket it closes",
        "A small model fills in the masked bracket. In layer 2, head 3 looks at the one that it "
        "has to close. Pin another token, show other heads, change the layer or the view.",
        narrow=800,
        wide=804,
    ),
    "model": Live(
        _model,
        "Model view: two layers by four heads of a decoder that continues a repeated sequence",
        "Eight words, said twice. All heads of layer 1 look at what followed a word the first "
        "time: the stripe below the diagonal. Click a head to read it.",
        narrow=560,
        wide=640,
    ),
    "neuron": Live(
        _neuron,
        "Neuron view: query and key vectors, products, scores and softmax of one head",
        "How the weight of the masked bracket comes about. Click another token on the left to "
        "follow it instead.",
        narrow=940,
        wide=944,
        views=("neuron", "head"),
    ),
    "matrix": Live(
        _matrix,
        "Matrix view: the last layer's attention beside the rollout of all layers, on one scale",
        "The last layer's attention and the rollout of all layers. Hover for the numbers, drag to "
        "zoom, choose Difference.",
        narrow=1130,
        wide=760,
    ),
    "trace": Live(
        _paths,
        "Trace view: the ways by which a bracket reaches the masked bracket that closes it",
        "Relevance at the masked bracket, and of it only what comes from the bracket that it "
        "closes. Click that one again to see what comes from all inputs.",
        narrow=890,
        wide=720,
        views=("trace", "matrix", "head"),
    ),
    "dates": Live(
        _dates,
        "Head view of cross attention: digits of an ISO date and the written date they come from",
        "Cross attention of a model that writes ISO dates. The stream can be changed to what the "
        "encoder or the decoder does by itself.",
        narrow=820,
        wide=740,
    ),
}
