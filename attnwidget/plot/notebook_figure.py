"""A figure that notebooks draw at the end of a cell."""

from io import BytesIO

from matplotlib.figure import Figure

DPI = 120


class NotebookFigure(Figure):
    """A figure that shows itself in a notebook without pyplot."""

    def _repr_png_(self) -> bytes:
        buffer = BytesIO()
        self.savefig(buffer, format="png", bbox_inches="tight", dpi=DPI)
        return buffer.getvalue()
