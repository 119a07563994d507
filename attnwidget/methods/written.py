"""The norm of what each head writes."""

import math

from torch import Tensor

from attnwidget.methods.method import Method, RowsOf
from attnwidget.methods.needs import OUTPUTS
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.trace import Trace


def _head_rows(trace: Trace, scores: ScoresOf) -> RowsOf:
    stream = trace[scores.stream]
    heads = None if scores.heads is None else list(scores.heads)

    def rows(queries: slice) -> Tensor:
        return stream.written(scores.layer, heads, queries=queries)

    return rows


WRITTEN = Method(
    name="written",
    title="written",
    question="How much does each head write: its weight times the length of what it adds?",
    values="norm",
    head_rows=_head_rows,
    needs=(OUTPUTS,),
    quick_up_to=math.inf,
    followed_by="alti",
)
