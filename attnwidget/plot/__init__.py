"""Figures of attention in matplotlib; needs the extra ``attnwidget[plot]``.

Every function takes the data first, returns a `matplotlib.figure.Figure` and shows nothing by
itself; no figure is registered with pyplot. In a notebook a figure at the end of a cell is drawn;
elsewhere save it: ``figure.savefig("heads.png", bbox_inches="tight")``. Matplotlib is imported when
the first figure is made. Keywords that set how a figure looks are listed once: `FigureStyle` holds
those of every figure of matrices, `MatrixStyle` those of one matrix, `PanelStyle` those of several.
"""

from attnwidget.plot.compare import compare, difference
from attnwidget.plot.contributions import contributions
from attnwidget.plot.faithfulness import faithfulness
from attnwidget.plot.grid import grid
from attnwidget.plot.heads import heads
from attnwidget.plot.heatmap import cross, heatmap
from attnwidget.plot.layers import layers
from attnwidget.plot.rollouts import discard_ratios, evolution, fusions
from attnwidget.plot.style import FigureStyle, MatrixStyle, PanelStyle
from attnwidget.plot.token_importance import token_importance

__all__ = [
    "FigureStyle",
    "MatrixStyle",
    "PanelStyle",
    "compare",
    "contributions",
    "cross",
    "difference",
    "discard_ratios",
    "evolution",
    "faithfulness",
    "fusions",
    "grid",
    "heads",
    "heatmap",
    "layers",
    "token_importance",
]
