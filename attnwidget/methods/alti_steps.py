"""The steps of ALTI: the share of each token in the output of each attention sublayer."""

from attnwidget.methods.skip_first import without_first
from attnwidget.methods.source import Source
from attnwidget.methods.steps import Step, step_of
from attnwidget.methods.sublayers import sublayers
from attnwidget.methods.token_shares import NORMS, LastVectors, Norm, TokenShares
from attnwidget.trace import Indexer


def alti_steps(
    source: Source,
    *,
    p: Norm = 1,
    skip_first: bool = False,
    layers: Indexer = None,
    stream: str | None = None,
) -> list[Step]:
    """Return the steps of `alti`, bottom to top; see there for the parameters.

    Raises
    ------
    IndexError
        A layer is out of range.
    ValueError
        `p` is neither 1 nor 2, the layers do not fit together, or what heads write is not known.
    """
    if p not in NORMS or isinstance(p, bool):
        raise ValueError(f"p must be 1 or 2, but {p!r} was given.")
    last = LastVectors()
    return [
        step_of(sublayer, without_first(rows, sublayer) if skip_first else rows)
        for sublayer in sublayers(source, layers=layers, stream=stream)
        for rows in [TokenShares(sublayer, p, last)]
    ]
