"""Keywords that set how figures look, shared by the functions that draw them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeAlias, TypedDict

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Range: TypeAlias = Literal["fitted", "unit"]
"""End of the colours: at the largest value, or at 1."""

Arguments = ParamSpec("Arguments")


class FigureStyle(TypedDict, total=False):
    """Keywords of every figure of matrices.

    Parameters
    ----------
    scale
        ``"fitted"``, the default: colours end at the largest value; ``"unit"``: at 1. If some
        values are negative, colours go as far below 0.
    cmap
        Name of a colour map of matplotlib; None: viridis, or orange and blue around 0 if some
        values are negative.
    title
        Title of the figure; None: the model, the stream and other choices that were made.
    """

    scale: Range
    cmap: str | None
    title: str | None


class MatrixStyle(FigureStyle, total=False):
    """Keywords of figures of one matrix: those of `FigureStyle`, `values` and `ax`.

    Parameters
    ----------
    values
        Write the value into each cell; None: if there is room.
    ax
        Axes to draw into; None: a new figure.
    """

    values: bool | None
    ax: Axes | None


class PanelStyle(FigureStyle, total=False):
    """Keywords of figures of several matrices: those of `FigureStyle`, and `columns`.

    Parameters
    ----------
    columns
        Matrices in a row; None: as many as suit their size.
    """

    columns: int | None


def takes_style(
    style: type[FigureStyle],
) -> Callable[[Callable[Arguments, Figure]], Callable[Arguments, Figure]]:
    """Let a function's signature name the keywords of a style, and refuse any other keyword."""
    keywords = [
        Parameter(name, Parameter.KEYWORD_ONLY, default="fitted" if name == "scale" else None)
        for name in style.__annotations__
    ]

    def decorate(function: Callable[Arguments, Figure]) -> Callable[Arguments, Figure]:
        own = signature(function)
        named = [each for each in own.parameters.values() if each.kind != Parameter.VAR_KEYWORD]
        full = own.replace(parameters=[*named, *keywords])

        @wraps(function)
        def checked(*arguments: Arguments.args, **given: Arguments.kwargs) -> Figure:
            _check(function.__name__, given, list(full.parameters))
            return function(*arguments, **given)

        checked.__signature__ = full  # type: ignore[attr-defined]  # functions may have one
        return checked

    return decorate


def _check(function: str, given: dict[str, Any], known: list[str]) -> None:
    unknown = [name for name in given if name not in known]
    if unknown:
        raise TypeError(
            f"{function} does not know the keyword {', '.join(map(repr, unknown))}; "
            f"it takes {', '.join(known)}."
        )
