"""Show two traces beside each other."""

from typing import Any, Unpack

from attnwidget.frames import ComparedWorkspace
from attnwidget.trace import Trace
from attnwidget.widget import AttentionWidget
from attnwidget.widget.keywords import WidgetKeywords


def compare(before: Trace, after: Trace, **traits: Unpack[WidgetKeywords]) -> AttentionWidget:
    """Show what differs between two traces, as of one model before and after a change.

    The change may be a cut, another text or fine-tuning. With ``run="before"`` and ``run="after"``
    the widget shows either trace, and with ``run="difference"``, as it opens, the scores of the
    second minus those of the first, around zero, in the head, the model and the matrix view.

    Parameters
    ----------
    before, after
        Two traces with the same streams, layers and heads.
    **traits
        The keywords of `AttentionWidget`.

    Returns
    -------
    AttentionWidget
        The widget; its ``trace`` is the first one.

    Raises
    ------
    TypeError
        One of the two is no `Trace`, or a keyword is unknown.
    ValueError
        They have other streams, or other numbers of layers or heads, or their texts share no token.

    Notes
    -----
    Tokens are compared where they are the same. If the texts differ, they are aligned by their
    longest common runs of tokens (`difflib.SequenceMatcher`, by the texts of tokens); the others
    are named beside the difference and left out of it. Weights are those of the whole runs, so that
    rows without a left-out token do not sum to zero.
    """
    for name, trace in (("before", before), ("after", after)):
        if not isinstance(trace, Trace):
            raise TypeError(
                f"compare takes two traces of attnwidget.capture, but {name} is of type "
                f"{type(trace).__name__}. For weights use Trace.from_attentions(weights, tokens)."
            )
    given: dict[str, Any] = {"run": "difference", **traits}
    return AttentionWidget(ComparedWorkspace(before, after), **given)
