"""The attention weights themselves."""

import math

from torch import Tensor

from attnwidget.methods.method import Method, RowsOf
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.trace import Trace


def _head_rows(trace: Trace, scores: ScoresOf) -> RowsOf:
    stream = trace[scores.stream]

    def rows(queries: slice) -> Tensor:
        return stream.attention(scores.layer, scores.heads, queries=queries)

    return rows


ATTENTION = Method(
    name="attention",
    title="attention",
    question="Where does each head look?",
    values="weight",
    head_rows=_head_rows,
    full_scale=1.0,
    quick_up_to=math.inf,
    followed_by="rollout",
    rather_followed_by="alti",
    compared_with="rollout",
    is_attention=True,
)
